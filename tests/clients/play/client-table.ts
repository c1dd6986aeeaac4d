import type { Operation } from './operations.ts'

/** A client: what the suite runs, and what the documents say of it. */
export interface ClientRow {
  /** What it is called. */
  readonly name: string
  /** Its file among the examples, and in the folder `driven`. */
  readonly file: string
  /** The package whose version is told; none for what Node brings. */
  readonly package?: string
  /** Where the checks reach its server. */
  readonly over: readonly ('http' | 'https' | 'unix')[]
  /** How it is given ours. */
  readonly passedAs: string
  /**
   * What becomes of requests on a connection that has ended unnoticed, with Node's agent or undici's in the
   * place of ours: all of them fail; or some may, for undici waits a turn, which is enough at times.
   */
  readonly theirs: 'fail' | 'may fail' | 'not tried'
  /** What it cannot do, or what the checks cannot ask of it, and why. */
  readonly lacks?: Partial<Readonly<Record<Operation, string>>>
  /** Warnings of its own, which it has with any agent: parts of their texts. */
  readonly warns?: readonly string[]
  /** What to mind. */
  readonly mind?: string
  /** The only line of Node on which it runs. */
  readonly only?: 'node26'
}

const BOTH = ['http', 'https'] as const

/** Every client, in the order of the documents. */
export const CLIENTS: readonly ClientRow[] = [
  {
    name: '`http.request`',
    file: 'http-request',
    over: BOTH,
    passedAs: '`{ agent }`',
    theirs: 'fail',
    lacks: { redirect: 'it follows none' },
  },
  {
    name: 'axios',
    file: 'axios',
    package: 'axios',
    over: BOTH,
    passedAs: '`axios.create({ httpAgent, httpsAgent })`',
    theirs: 'fail',
  },
  {
    name: 'got',
    file: 'got',
    package: 'got',
    over: BOTH,
    passedAs: '`got.extend({ agent: { http, https } })`',
    theirs: 'fail',
    mind: 'It retries GET, PUT and DELETE by itself (`retry`), after a pause; the checks switch that off.',
  },
  {
    name: 'node-fetch 2',
    file: 'node-fetch-2',
    package: 'node-fetch2',
    over: BOTH,
    passedAs: '`fetch(url, { agent: (url) => … })`',
    theirs: 'fail',
    mind: 'A function lets redirects change between HTTP and HTTPS.',
  },
  {
    name: 'node-fetch 3',
    file: 'node-fetch-3',
    package: 'node-fetch',
    over: BOTH,
    passedAs: '`fetch(url, { agent: (url) => … })`',
    theirs: 'fail',
    mind: 'As version 2.',
  },
  {
    name: '`fetch`',
    file: 'fetch',
    over: BOTH,
    passedAs: '`fetch(url, { dispatcher })`',
    theirs: 'may fail',
  },
  {
    name: 'undici, `request`',
    file: 'undici-request',
    package: 'undici',
    over: BOTH,
    passedAs: '`request(url, { dispatcher })`',
    theirs: 'may fail',
  },
  {
    name: 'undici, `fetch`',
    file: 'undici-fetch',
    package: 'undici',
    over: BOTH,
    passedAs: '`fetch(url, { dispatcher })`',
    theirs: 'may fail',
  },
]
