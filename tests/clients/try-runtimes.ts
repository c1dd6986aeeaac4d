import { beforeAll, describe, expect, it } from 'vitest'
import { repositoryPath } from '../workspace/repository-path.ts'
import { runProgram } from '../workspace/run-program.ts'
import { CERTIFICATE, type Part, type Played, playClient, type Runtime } from './play-client.ts'

const FOLDER = repositoryPath('tests/clients/runtimes')

const BUN: Runtime = { name: 'bun', command: [`${FOLDER}/node_modules/.bin/bun`] }
const DENO: Runtime = {
  name: 'deno',
  command: [
    `${FOLDER}/node_modules/.bin/deno`,
    'run',
    '--quiet',
    '--allow-all',
    `--cert=${CERTIFICATE}`,
  ],
}

/** Bun's errors say nothing of it, and Deno sends what is lost again by itself, whatever its method and its agent. */
const FAILURE = /^https?, failure: /u

/** What undici alone loses on Deno, too, and what is not sent again. */
const UNSAFE = /^http, stale, (?:FIN|RST), POST: /u

const HTTP: Part = { file: 'http-request', side: 'ours' }
const FETCH: Part = { file: 'undici-fetch', side: 'ours', onlyOver: 'http' }

const expectPassed = ({ failed, passed, ...ending }: Played): void => {
  expect(failed.filter((failure) => !FAILURE.test(failure))).toEqual([])
  expect(passed).toContain('no warning')
  expect(ending).toEqual({ code: 0, said: '' })
}

/** Tries what docs/clients.md says of other runtimes. */
export const tryRuntimes = (folderOf: () => string): void => {
  describe('on other runtimes', () => {
    beforeAll(async () => {
      const install = ['-y', 'pnpm@12', 'install', '--frozen-lockfile']
      const { code, out, err } = await runProgram('npx', install, { cwd: FOLDER })
      if (code !== 0) throw new Error(out + err)
    })

    it.for([BUN, DENO])('the agents pass the checks: $name', async (runtime) => {
      expectPassed(await playClient(runtime, folderOf(), HTTP))
    })

    it('Bun has no undici, and the dispatcher says so', async () => {
      const [program, ...args] = BUN.command
      const source = "import('@holdfast/http-agent/undici').catch(({ code }) => console.log(code))"
      const { out } = await runProgram(program, [...args, '--eval', source], { cwd: folderOf() })

      expect(out).toBe('ERR_HOLDFAST_MISSING_PEER\n')
    })

    it('the dispatcher serves undici on Deno, but for what cannot be sent again', async () => {
      const { failed, passed, code } = await playClient(DENO, folderOf(), FETCH)

      expect(failed.filter((failure) => !UNSAFE.test(failure))).toEqual([])
      expect(passed).toEqual(expect.arrayContaining(['http, reuse', 'http, stale, RST, GET']))
      expect(passed).toContain('no warning')
      expect(code).toBe(0)
    })
  })
}
