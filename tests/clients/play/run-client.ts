/**
 * Plays the checks with one client, in a process of its own, and tells of each on its standard output. Ends
 * by itself, as a program does that uses the client.
 *
 * Arguments: the line of Node, or another runtime; the name of the client's file; whose pools it has (`ours` or
 * `theirs`); the folder of the identity; the one transport, where not all of the client are tried.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { inspect } from 'node:util'
import type { Bench, Check, Driven } from './check.ts'
import { checksOf, staleChecks, tellsFailure } from './checks.ts'
import { CLIENTS, type ClientRow, lackingOn, type Transport } from './client-table.ts'
import type { Manner } from './server/orders.ts'
import { type CheckServer, Servers } from './server/servers.ts'

/** When the process is taken for hung: in a check, or because something keeps it alive behind the last one. */
const HANGING_AFTER_MS = 240_000

const [line, file = '', side = 'ours', identityFolder = '', onlyOver] = process.argv.slice(2)
const sockets = mkdtempSync(join(tmpdir(), 'holdfast-clients-'))
process.on('exit', () => rmSync(sockets, { recursive: true, force: true }))

let current = 'the start'
setTimeout(() => {
  tell(`${current}: it hangs`, process.getActiveResourcesInfo())
  process.exit(1)
}, HANGING_AFTER_MS).unref()

const tell = (check: string, error?: unknown): void => {
  const failure = error === undefined ? {} : { error: inspect(error) }
  process.stdout.write(`${JSON.stringify({ check, ...failure })}\n`)
}

const heardOf: string[] = []
process.on('warning', ({ name, message }) => heardOf.push(`${name}: ${message}`))
process.on('uncaughtException', (error) => tell('nothing uncaught', error))

/** Opens servers of one kind. */
const opener = (servers: Servers, over: Transport): Bench['open'] => {
  let count = 0
  const path = (): string => join(sockets, String(count++))
  return (manner: Manner): CheckServer =>
    servers.open(manner, over === 'https', over === 'unix' ? path() : undefined)
}

const failureOf = (checked: Promise<void>): Promise<unknown> =>
  checked.then(
    () => undefined,
    (error) => error ?? 'a failure without an error',
  )

const play = async (
  { client, answers = {}, more = {} }: Driven,
  { over, failureAt, ...abilities }: ClientRow,
): Promise<void> => {
  const servers = new Servers(answers, {
    key: readFileSync(join(identityFolder, 'test-key.pem'), 'utf8'),
    cert: readFileSync(join(identityFolder, 'test-certificate.pem'), 'utf8'),
  })
  const lacking = lackingOn(line === 'node20' ? 'node20' : 'node26', abilities)
  const failing: Readonly<Record<string, Check>> =
    failureAt === undefined ? {} : { failure: tellsFailure(failureAt) }
  for (const transport of over.filter((kind) => kind === (onlyOver ?? kind))) {
    const checks: Readonly<Record<string, Check>> =
      side === 'ours'
        ? { ...checksOf(lacking, transport), ...failing, ...more }
        : staleChecks(transport)
    const open = opener(servers, transport)
    for (const [check, run] of Object.entries(checks)) {
      current = `${transport}, ${check}`
      tell(current, await failureOf(run({ client, open })))
    }
  }
}

const row = CLIENTS.find((client) => client.file === file)
if (row === undefined) throw new Error(`no client ${file}`)

const driven: Driven = await import(`./driven/${file}.js`)
await play(driven, row)
current = 'the end'

const unexpected = heardOf.filter((warning) => !row.warns?.some((part) => warning.includes(part)))
tell('no warning', unexpected.length === 0 ? undefined : unexpected)
