import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import type { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { startHoldfast } from './holdfast-process.ts'
import { runHoldfast } from './run-holdfast.ts'

const FAST = ['watch', '--interval', '100ms']

it.each([[FAST], [[...FAST, '--json']]])('%j ends when nobody reads it any more', async (args) => {
  const child = startHoldfast(args)
  const exit = once(child, 'exit')
  const out = child.stdout as Readable
  await once(out, 'data')
  out.destroy()

  expect(await exit).toEqual([0, null])
})

it('ends with the process that it watches', async () => {
  const watched = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'])
  await once(watched, 'spawn')
  const child = startHoldfast([...FAST, '--pid', String(watched.pid)])
  const exit = once(child, 'exit')
  await once(child.stdout as Readable, 'data')
  watched.kill()

  expect(await exit).toEqual([0, null])
})

it('says so where there is no such process', async () => {
  const { code, out, err } = await runHoldfast(['watch', '--once', '--pid', String(2 ** 22)])

  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/^holdfast: there is no process 4194304 /u)
})
