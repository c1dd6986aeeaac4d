import { readFileSync } from 'node:fs'
import { CLIENTS, type ClientRow } from '../tests/clients/play/client-table.ts'
import {
  TYPE_SCRIPT_MODULES,
  type TypeScriptModule,
} from '../tests/clients/play/type-script-modules.ts'

interface Manifest {
  readonly devDependencies: Readonly<Record<string, string>>
}

const versionsIn = (folder: string): Manifest['devDependencies'] => {
  const path = new URL(`../tests/clients/${folder}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(path, 'utf8')) as Manifest).devDependencies
}

const ON_NODE_26 = versionsIn('lines/node26')
const ON_NODE_20 = versionsIn('lines/node20')
const RUNTIMES = versionsIn('runtimes')

/** `1.21.1` of `1.21.1` as well as of `npm:axios@1.21.1`. */
const numberOf = (version: string | undefined): string | undefined => version?.split('@').at(-1)

const versionOf = ({ package: name, only }: ClientRow): string => {
  if (name === undefined) return "Node's"
  const [newest, oldest] = [ON_NODE_26, ON_NODE_20].map((line) => numberOf(line[name]))
  if (only === 'node26') return `${newest}, Node 26`
  if (only === 'node20') return `${oldest}, Node 20`
  return oldest === newest ? `${newest}` : `${newest}; Node 20: ${oldest}`
}

/** The example, without what it says of itself. */
const CALL_AGAIN = readFileSync(
  new URL('../examples/call-again.ts', import.meta.url),
  'utf8',
).replace(/^\/\/.*\n/u, '')

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

const settingOf = ({ module, resolution, error }: TypeScriptModule): string => {
  const resolving = resolution === undefined ? '' : `, \`moduleResolution: ${resolution}\``
  return `| \`module: ${module}\`${resolving} | ${error === undefined ? 'compiles' : `error ${error}`} |`
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

## Whether to make a request again

Of a request that failed, our agents and dispatcher say \`reusedSocket\`, \`bytesWritten\`, \`responseStarted\`,
\`replayed\` and \`safeToRetry\` (the type \`RequestFailure\`), as properties of the error of Node or undici. Clients wrap it:

| client | where it stands |
|---|---|
${CLIENTS.filter(({ failureAt }) => failureAt !== undefined)
  .map(({ name, failureAt }) => `| ${name} | \`error${failureAt}\` |`)
  .join('\n')}

\`requestRecord(request)\` tells the same of the \`ClientRequest\` of an agent. axios has it as \`error.request._currentRequest\`.
node-fetch and gaxios leave out the error of Node. There the request itself is to be had from Node's \`diagnostics_channel\` ([call-again.ts](../examples/call-again.ts)):

\`\`\`ts
${CALL_AGAIN}\`\`\`

## TypeScript

The examples compile without a cast, with TypeScript 7 and with 5.9. The packages are ES modules, which Node lets CommonJS
require. The compiler knows that where a file is CommonJS (\`"type": "commonjs"\`, or \`.cts\`) by these settings of 5.9:

| setting | an import of ours |
|---|---|
${TYPE_SCRIPT_MODULES.map(settingOf).join('\n')}

With \`node16\` and \`node18\`, take \`node20\` instead, which differs in just that, or \`await import()\`.

## Other runtimes

The same checks, with \`http.request\` as the client, run on Bun and Deno.

| runtime | version | \`HttpAgent\`, \`HttpsAgent\` | \`KeepAliveDispatcher\` |
|---|---|---|---|
| Bun | ${numberOf(RUNTIMES['bun'])} | the checks pass, but that an error does not say whether to make the request again | Bun answers for undici with a stand-in that sends nothing: loading the entry throws \`ERR_HOLDFAST_MISSING_PEER\` |
| Deno | ${numberOf(RUNTIMES['deno'])} | the checks pass, but that Deno itself sends a request again that a kept connection has lost, a POST as well, with any agent | serves undici's \`request\` and \`fetch\`, not Deno's own \`fetch\`, which ignores \`dispatcher\`; a POST right after a close that the loop has not heard of may be lost. Certificates have to be given as \`connect: { ca }\` |
`
