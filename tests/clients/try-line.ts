import { beforeAll, describe, expect, it } from 'vitest'
import { lackingOn } from './play/client-table.ts'
import { nodeOf, playClient } from './play-client.ts'
import { clientsOf, type Line, prepareLine, type Side } from './prepare-line.ts'

/**
 * Tries every client of a line of Node: with ours, and with Node's agent where the outcome is certain.
 *
 * @returns What tells, within a test, the folder of the programs that have ours.
 */
export const tryLine = (line: Line): (() => string) => {
  const clients = clientsOf(line)
  let folders: Readonly<Record<Side, string>>

  beforeAll(async () => {
    folders = await prepareLine(line)
  })

  describe('with ours', () => {
    it.for(clients)('$file', async ({ file }) => {
      const { failed, passed, ...ending } = await playClient(nodeOf(line), folders.ours, {
        file,
        side: 'ours',
      })

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
      const { failed, passed } = await playClient(nodeOf(line), folders.theirs, {
        file,
        side: 'theirs',
      })

      expect(failed.length).toBeGreaterThan(0)
      expect(passed.filter((check) => check.includes('stale'))).toEqual([])
    })
  })

  return () => folders.ours
}
