import { readFileSync } from 'node:fs'
import { CLIENTS, type ClientRow } from '../tests/clients/play/client-table.ts'

interface Manifest {
  readonly devDependencies: Readonly<Record<string, string>>
}

const versionsOn = (line: string): Manifest['devDependencies'] => {
  const path = new URL(`../tests/clients/lines/${line}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(path, 'utf8')) as Manifest).devDependencies
}

const ON_NODE_26 = versionsOn('node26')
const ON_NODE_20 = versionsOn('node20')

/** `1.21.1` of `1.21.1` as well as of `npm:axios@1.21.1`. */
const numberOf = (version: string | undefined): string | undefined => version?.split('@').at(-1)

const versionOf = ({ package: name, only }: ClientRow): string => {
  if (name === undefined) return "Node's"
  const [newest, oldest] = [ON_NODE_26, ON_NODE_20].map((line) => numberOf(line[name]))
  if (only === 'node26') return `${newest}, Node 26`
  if (only === 'node20') return `${oldest}, Node 20`
  return oldest === newest ? `${newest}` : `${newest}; Node 20: ${oldest}`
}

const lackOf = (lacks: ClientRow['lacks'] = {}): string =>
  Object.entries(lacks)
    .map(([operation, why]) => `${operation} (${why})`)
    .join(', ')

const mindOf = ({ mind, lacks, lacksOnNode20 }: ClientRow): string =>
  [
    mind,
    lacks && `Not tried: ${lackOf(lacks)}.`,
    lacksOnNode20 && `Nor on Node 20: ${lackOf(lacksOnNode20)}.`,
  ]
    .filter((text) => text !== undefined)
    .join(' ')

const THEIRS: Readonly<Record<ClientRow['theirs'], string>> = {
  fail: 'all fail',
  'may fail': 'some may fail',
  retried: 'served: it retries by itself',
}

const rowOf = (client: ClientRow): string => {
  const { name, file, passedAs, theirs, over } = client
  const example = `[${name}](../examples/${file}.ts)`
  const transports = over.length === 2 ? '' : ` (${over.join(', ')} alone)`
  const cells = [example, versionOf(client), passedAs, 'all served', THEIRS[theirs]]
  return `| ${cells.join(' | ')} | ${mindOf(client)}${transports} |`
}

/** The document about clients, from the table by which the suite runs them. */
export const clientsDocument = (): string => `# Clients

\`npx -y pnpm@12 test:clients\` installs each of these clients, sets it up as its example in
[examples](../examples) says, and runs it on Node 20 and Node 26 against servers on the loopback, over HTTP and
HTTPS:

- GET, POST, a streamed upload and a streamed download of a megabyte, a redirect, the client's time-out, an abort;
- ten requests in a row on one connection; a request after the server has closed the idle connection;
- GET and POST right after the server has ended the idle connection, by FIN or by RST, while the event loop was blocked
  and could not hear of it (the columns *stale*);
- the process ends by itself, without a warning, and the examples compile without a cast (TypeScript 7 on Node 26,
  5.9 on Node 20).

The same examples run with Node's agents (\`keepAlive: true\`) in the place of ours. undici's own Agent waits a turn of the
loop before it writes to a kept connection, which is enough at some times and not at others. Where a client retries by
itself, that is switched off, so that the column shows what the pool does.

| client | version | how it is given ours | stale, ours | stale, Node's or undici's | what to mind |
|---|---|---|---|---|---|
${CLIENTS.map(rowOf).join('\n')}

Clients that take no agent at all: see [register](register.md).
`
