import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import process from 'node:process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Outcome } from './throwing-process.ts'
import { HANDLER_STAGES, LISTENER_EVENTS } from './throwing-stages.ts'
import { UNDICI_VERSIONS } from './undici-versions.ts'

const PROCESS = fileURLToPath(new URL('throwing-process.js', import.meta.url))
const THROWN = 'thrown by the test'

interface Outcomes {
  readonly ours: Outcome
  readonly theirs: Outcome
}

/** In a process of its own, because what is thrown is an uncaught exception there. */
const play = async (version: string, what: string): Promise<Outcomes> => {
  const { stdout } = await promisify(execFile)(process.execPath, [PROCESS, version, what])
  return JSON.parse(stdout) as Outcomes
}

for (const { name } of UNDICI_VERSIONS) {
  describe(`what throws costs no place and no other request, ${name}`, () => {
    for (const stage of HANDLER_STAGES) {
      it(`a handler: ${stage}`, async () => {
        const { ours, theirs } = await play(name, stage)
        assert.deepEqual(ours.heard, theirs.heard)
        assert.deepEqual(ours.answers, ['ok', 'ok', 'ok'])
        assert.deepEqual([ours.connecting, ours.leased, ours.waiting], [0, 0, 0])
        assert.equal(ours.uncaught.length > 0, theirs.uncaught.length > 0)
      })
    }

    for (const event of LISTENER_EVENTS) {
      it(`a listener: ${event}`, async () => {
        const { ours } = await play(name, event)
        // undici loses the request where the listener hears of its connection.
        assert.deepEqual(ours.heard.slice(0, 1), ['start'])
        assert.deepEqual(ours.answers, ['ok', 'ok', 'ok'])
        assert.deepEqual([ours.connecting, ours.leased, ours.waiting], [0, 0, 0])
        assert.deepEqual(ours.uncaught, [THROWN])
      })
    }
  })
}
