import { beforeAll, describe, expect, it } from 'vitest'
import { lackingOn } from './play/client-table.ts'
import { playClient } from './play-client.ts'
import { clientsOf, type Line, prepareLine, type Side } from './prepare-line.ts'

/** Tries every client of a line of Node: with ours, and with Node's agent where the outcome is certain. */
export const tryLine = (line: Line): void => {
  const clients = clientsOf(line)
  let folders: Readonly<Record<Side, string>>

  beforeAll(async () => {
    folders = await prepareLine(line)
  })

  describe('with ours', () => {
    it.for(clients)('$file', async ({ file }) => {
      const { failed, passed, ...ending } = await playClient(line, folders.ours, file, 'ours')

      expect(failed).toEqual([])
      expect(passed).toContain('no warning')
      expect(ending).toEqual({ code: 0, said: '' })
    })
  })

  const failing = clients.filter(
    (client) => client.theirs === 'fail' && !lackingOn(line, client).has('reuse'),
  )

  describe("with Node's, what a connection meets that has ended unnoticed fails", () => {
    it.for(failing)('$file', async ({ file }) => {
      const { failed, passed } = await playClient(line, folders.theirs, file, 'theirs')

      expect(failed.length).toBeGreaterThan(0)
      expect(passed.filter((check) => check.includes('stale'))).toEqual([])
    })
  })
}
