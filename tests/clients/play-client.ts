import { join } from 'node:path'
import { repositoryPath } from '../workspace/repository-path.ts'
import { runProgram } from '../workspace/run-program.ts'
import type { Transport } from './play/client-table.ts'
import type { Line, Side } from './prepare-line.ts'

const IDENTITY = repositoryPath('packages/http-agent/test/every-line/fixtures')
export const CERTIFICATE: string = join(IDENTITY, 'test-certificate.pem')
const BINARIES = { node20: 'node_modules/node20/bin/node', node26: 'node_modules/node/bin/node' }

/** Surroundings in which no client retries by itself, and all trust the certificate of the tests. */
const SURROUNDINGS = {
  // biome-ignore-start lint/style/useNamingConvention: these are variables of the environment
  NODE_EXTRA_CA_CERTS: CERTIFICATE,
  AWS_MAX_ATTEMPTS: '1',
  // biome-ignore-end lint/style/useNamingConvention: these are variables of the environment
}

/** What runs a client, and how it is started. */
export interface Runtime {
  readonly name: string
  readonly command: readonly [program: string, ...args: string[]]
}

/** What is played: a client's file, with whose pools, and over what if not over all that it knows. */
export interface Part {
  readonly file: string
  readonly side: Side
  readonly onlyOver?: Transport
}

export const nodeOf = (line: Line): Runtime => ({
  name: line,
  command: [repositoryPath(BINARIES[line]), '--no-warnings'],
})

/** What becomes of the checks of one client. */
export interface Played {
  /** Those that went well, and those that failed, with the reason. */
  readonly passed: readonly string[]
  readonly failed: readonly string[]
  readonly code: number | null
  /** What the process said besides. */
  readonly said: string
}

interface Told {
  readonly check: string
  readonly error?: string
}

/** Plays the checks of a client, in a process that is to end by itself. */
export const playClient = async (
  { name, command: [program, ...args] }: Runtime,
  folder: string,
  { file, side, onlyOver }: Part,
): Promise<Played> => {
  const played = join(folder, 'tests/clients/play/run-client.js')
  const { code, out, err } = await runProgram(
    program,
    [...args, played, name, file, side, IDENTITY, ...(onlyOver === undefined ? [] : [onlyOver])],
    { cwd: folder, env: SURROUNDINGS },
  )
  const lines = out.split('\n').filter((text) => text !== '')
  const told = lines.filter((text) => text.startsWith('{"check":'))
  const checks = told.map((text) => JSON.parse(text) as Told)
  return {
    passed: checks.filter(({ error }) => error === undefined).map(({ check }) => check),
    failed: checks
      .filter(({ error }) => error !== undefined)
      .map(({ check, error }) => `${check}: ${error}`),
    code,
    said: lines.filter((text) => !told.includes(text)).join('\n') + err,
  }
}
