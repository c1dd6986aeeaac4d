/**
 * Plays the checks with one client, in a process of its own, and tells of each on its standard output. Ends
 * by itself, as a program does that uses the client.
 *
 * Arguments: the name of the client's file, whose pools it has (`ours` or `theirs`), the folder of the identity.
 */
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { inspect } from 'node:util'
import type { Bench, Check, Driven } from './check.ts'
import { checksOf, staleChecks } from './checks.ts'
import { CLIENTS, type ClientRow } from './client-table.ts'
import type { Operation } from './operations.ts'
import type { Manner } from './server/orders.ts'
import { type CheckServer, Servers } from './server/servers.ts'

/** How long a process that has nothing more to do may go on, before it is said to hang. */
const HANGING_AFTER_MS = 60_000

const [file = '', side = 'ours', identityFolder = ''] = process.argv.slice(2)

const tell = (check: string, error?: unknown): void => {
  const failure = error === undefined ? {} : { error: inspect(error) }
  process.stdout.write(`${JSON.stringify({ check, ...failure })}\n`)
}

const heardOf: string[] = []
process.on('warning', ({ name, message }) => heardOf.push(`${name}: ${message}`))
process.on('uncaughtException', (error) => tell('nothing uncaught', error))

/** Opens servers of one kind; on a unix socket there is one of each manner at a time. */
const opener = (servers: Servers, over: ClientRow['over'][number]): Bench['open'] => {
  let count = 0
  const path = (): string => join(tmpdir(), `holdfast-clients-${process.pid}-${count++}.sock`)
  return (manner: Manner): CheckServer =>
    servers.open(manner, over === 'https', over === 'unix' ? path() : undefined)
}

const play = async (
  { client, answers = {}, more = {} }: Driven,
  { lacks = {}, over }: ClientRow,
  isOurs: boolean,
): Promise<void> => {
  const servers = new Servers(answers, {
    key: readFileSync(join(identityFolder, 'test-key.pem'), 'utf8'),
    cert: readFileSync(join(identityFolder, 'test-certificate.pem'), 'utf8'),
  })
  const lacking = new Set(Object.keys(lacks) as Operation[])
  const checks: Readonly<Record<string, Check>> = isOurs
    ? { ...checksOf(lacking), ...more }
    : staleChecks(lacking)
  for (const transport of over) {
    const open = opener(servers, transport)
    for (const [check, run] of Object.entries(checks)) {
      const name = `${transport}, ${check}`
      await run({ client, open }).then(
        () => tell(name),
        (error) => tell(name, error),
      )
    }
  }
}

const row = CLIENTS.find((client) => client.file === file)
if (row === undefined) throw new Error(`no client ${file}`)

const driven: Driven = await import(`./driven/${file}.js`)
await play(driven, row, side === 'ours')

const unexpected = heardOf.filter((warning) => !row.warns?.some((part) => warning.includes(part)))
tell('no warning', unexpected.length === 0 ? undefined : unexpected)

setTimeout(() => {
  tell('ends by itself', process.getActiveResourcesInfo())
  process.exit(1)
}, HANGING_AFTER_MS).unref()
