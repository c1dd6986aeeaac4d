import { beforeAll, describe, expect, it } from 'vitest'
import { CLIENTS } from './play/client-table.ts'
import { playClient } from './play-client.ts'
import { type Line, prepareLine, type Side } from './prepare-line.ts'

/** Tries every client of a line of Node: with ours, and with Node's agent where the outcome is certain. */
export const tryLine = (line: Line): void => {
  const clients = CLIENTS.filter(({ only = line }) => only === line)
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

  describe("with Node's, what a connection meets that has ended unnoticed fails", () => {
    it.for(clients.filter(({ theirs }) => theirs === 'fail'))('$file', async ({ file }) => {
      const { failed, passed } = await playClient(line, folders.theirs, file, 'theirs')

      expect(failed.length).toBeGreaterThanOrEqual(4)
      expect(passed).toEqual(['no warning'])
    })
  })
}
