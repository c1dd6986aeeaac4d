import { OPERATIONS, type Operation } from './operations.ts'

/** What carries requests to a server. */
export type Transport = 'http' | 'https' | 'unix'

/** A client: what the suite runs, and what the documents say of it. */
export interface ClientRow {
  /** What it is called. */
  readonly name: string
  /** Its file among the examples, and in the folder `driven`. */
  readonly file: string
  /** The package whose version is told; none for what Node brings. */
  readonly package?: string
  /** Where the checks reach its server. */
  readonly over: readonly Transport[]
  /** How it is given ours. */
  readonly passedAs: string
  /**
   * What becomes of requests on a connection that has ended unnoticed, with Node's agent or undici's in the
   * place of ours: all of them fail; or some may, for undici waits a turn, which is enough at times; or
   * the client retries them by itself, which cannot be switched off.
   */
  readonly theirs: 'fail' | 'may fail' | 'retried'
  /** What it cannot do, or what the checks cannot ask of it, and why. */
  readonly lacks?: Partial<Readonly<Record<Operation, string>>>
  /** The same of the version on Node 20. */
  readonly lacksOnNode20?: Partial<Readonly<Record<Operation, string>>>
  /**
   * Where what is known of a failed request stands, from the error of the client: `.cause`; a client that leaves
   * it out has none.
   */
  readonly failureAt?: string
  /** Warnings of its own, which it has with any agent: parts of their texts. */
  readonly warns?: readonly string[]
  /** What to mind. */
  readonly mind?: string
  /** The only line of Node on which it is tried. */
  readonly only?: 'node20' | 'node26'
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
    failureAt: '',
    lacks: { redirect: 'it follows none' },
  },
  {
    name: 'axios',
    file: 'axios',
    package: 'axios',
    over: BOTH,
    passedAs: '`axios.create({ httpAgent, httpsAgent })`',
    theirs: 'fail',
    failureAt: '.cause',
  },
  {
    name: 'got',
    file: 'got',
    package: 'got',
    over: BOTH,
    passedAs: '`got.extend({ agent: { http, https } })`',
    theirs: 'fail',
    failureAt: '.cause',
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
    name: 'superagent',
    file: 'superagent',
    package: 'superagent',
    over: BOTH,
    passedAs: '`request.agent(agent)`, as a plugin',
    theirs: 'fail',
    failureAt: '',
  },
  {
    name: 'needle',
    file: 'needle',
    package: 'needle',
    over: BOTH,
    passedAs: '`needle(method, url, { agent })`',
    theirs: 'fail',
    failureAt: '',
    lacks: {
      redirect: 'it leaves the response unread, which keeps its connection, with any agent',
    },
    mind: 'With `follow_max`, each redirect costs a connection for good; so does an abort within a body.',
  },
  {
    name: 'gaxios',
    file: 'gaxios',
    package: 'gaxios',
    over: BOTH,
    passedAs: '`new Gaxios({ agent: (url) => … })`',
    theirs: 'fail',
  },
  {
    name: '`fetch`',
    file: 'fetch',
    over: BOTH,
    passedAs: '`fetch(url, { dispatcher })`',
    theirs: 'may fail',
    failureAt: '.cause',
  },
  {
    name: 'undici, `request`',
    file: 'undici-request',
    package: 'undici',
    over: BOTH,
    passedAs: '`request(url, { dispatcher })`',
    theirs: 'may fail',
    failureAt: '',
  },
  {
    name: 'undici, `fetch`',
    file: 'undici-fetch',
    package: 'undici',
    over: BOTH,
    passedAs: '`fetch(url, { dispatcher })`',
    theirs: 'may fail',
    failureAt: '.cause',
  },
  {
    name: 'undici 7 beside 8',
    file: 'undici-7-beside-8',
    package: 'undici7',
    over: BOTH,
    passedAs: "`import '@holdfast/http-agent/register'`",
    theirs: 'may fail',
    only: 'node26',
    lacks: { redirect: 'its interceptors do not fit the dispatcher of another undici' },
    mind: 'The types of undici 7 and 8 do not take the dispatchers of each other.',
  },
  {
    name: 'ky',
    file: 'ky',
    package: 'ky',
    over: BOTH,
    passedAs: '`ky.create({ fetch: (input, init) => fetch(input, { ...init, dispatcher }) })`',
    theirs: 'may fail',
    mind: 'Its types know no `dispatcher`, which it passes on all the same.',
  },
  {
    name: 'ofetch',
    file: 'ofetch',
    package: 'ofetch',
    over: BOTH,
    passedAs: '`ofetch.create({ dispatcher })`',
    theirs: 'may fail',
    failureAt: '.cause.cause',
  },
  {
    name: 'AWS SDK v3, S3',
    file: 'aws-s3',
    package: '@aws-sdk/client-s3',
    over: BOTH,
    passedAs: '`requestHandler: new NodeHttpHandler({ httpAgent, httpsAgent })`',
    theirs: 'fail',
    warns: ['NodeVersionSupportWarning'],
    lacks: { redirect: 'it follows none but to other regions' },
    mind: '`requestTimeout` only warns unless `throwOnRequestTimeout` is set.',
  },
  {
    name: 'AWS SDK v3, DynamoDB',
    file: 'aws-dynamodb',
    package: '@aws-sdk/client-dynamodb',
    over: BOTH,
    passedAs: 'the same',
    theirs: 'fail',
    warns: ['NodeVersionSupportWarning'],
    lacks: {
      upload: 'it has no streams',
      download: 'it has no streams',
      redirect: 'it follows none',
    },
  },
  {
    name: '@elastic/elasticsearch, HttpConnection',
    file: 'elasticsearch',
    package: '@elastic/elasticsearch',
    over: BOTH,
    passedAs: '`new Client({ Connection: HttpConnection, agent: ({ url }) => … })`',
    theirs: 'fail',
    lacks: { redirect: 'it follows none' },
    mind: '`client.close()` destroys the agent.',
  },
  {
    name: '@elastic/elasticsearch, UndiciConnection',
    file: 'elasticsearch-undici',
    package: '@elastic/elasticsearch',
    over: BOTH,
    passedAs: '`new Client({ agent: () => dispatcher })`',
    theirs: 'may fail',
    lacks: { redirect: 'it follows none' },
    mind: '`client.close()` closes the dispatcher.',
  },
  {
    name: 'openai',
    file: 'openai',
    package: 'openai',
    over: BOTH,
    passedAs: '`new OpenAI({ fetchOptions: { dispatcher } })`',
    theirs: 'may fail',
    failureAt: '.cause.cause',
  },
  {
    name: '@anthropic-ai/sdk',
    file: 'anthropic',
    package: '@anthropic-ai/sdk',
    over: BOTH,
    passedAs: '`new Anthropic({ fetchOptions: { dispatcher } })`',
    theirs: 'may fail',
    failureAt: '.cause.cause',
  },
  {
    name: 'stripe',
    file: 'stripe',
    package: 'stripe',
    over: BOTH,
    passedAs: '`new Stripe(key, { httpAgent })`, an HttpsAgent',
    theirs: 'retried',
    lacks: {
      upload: 'files go to a host of their own',
      download: 'files come from a host of their own',
      redirect: 'it follows none',
      abort: 'it takes no signal',
    },
  },
  {
    name: '@slack/web-api',
    file: 'slack',
    package: '@slack/web-api',
    over: BOTH,
    passedAs:
      '`new WebClient(token, { fetch: (url, init) => fetch(url, { ...init, dispatcher }) })`',
    theirs: 'may fail',
    lacks: {
      upload: 'it reads files whole',
      download: 'it has none',
      redirect: 'all its requests are POST',
      abort: 'it takes no signal',
    },
  },
  {
    name: 'googleapis',
    file: 'googleapis',
    package: '@googleapis/drive',
    over: ['https'],
    passedAs: "`drive({ version: 'v3', agent })`, `google.options({ agent })`",
    theirs: 'fail',
  },
  {
    name: '@kubernetes/client-node 2',
    file: 'kubernetes-2',
    package: '@kubernetes/client-node',
    over: BOTH,
    passedAs: '`context.setDispatcher(dispatcher)` in a subclass of `KubeConfig`',
    theirs: 'may fail',
    lacks: {
      upload: 'it has none',
      download: 'its watches and logs make requests of their own',
      redirect: 'it is asked for none',
      'time-out': 'its calls take none',
      abort: 'its calls take no signal',
    },
    mind: 'Certificates of the cluster and of the user then go to `new KeepAliveDispatcher({ connect: { ca, cert, key } })`.',
    only: 'node26',
  },
  {
    name: '@kubernetes/client-node 1',
    file: 'kubernetes-1',
    package: '@kubernetes/client-node',
    over: ['https'],
    passedAs: '`context.setAgent(agent)` in a subclass of `KubeConfig`',
    theirs: 'fail',
    lacks: {
      upload: 'it has none',
      download: 'its watches and logs make requests of their own',
      redirect: 'it is asked for none',
      'time-out': 'its calls take none',
      abort: 'its calls take no signal',
    },
    mind: 'Certificates then go to `new HttpsAgent({ ca, cert, key })`.',
    only: 'node20',
  },
  {
    name: 'dockerode',
    file: 'dockerode',
    package: 'dockerode',
    over: ['unix'],
    passedAs: '`new Docker({ socketPath, agent })`',
    theirs: 'fail',
    lacks: { redirect: 'it follows none' },
    mind: 'Its types want the options in a variable. A unix socket knows no RST.',
  },
  {
    name: 'http-proxy-3',
    file: 'http-proxy-3',
    package: 'http-proxy-3',
    over: BOTH,
    passedAs: '`createProxyServer({ target, agent })`',
    theirs: 'fail',
    lacks: { redirect: 'it passes them on' },
    mind: 'It passes on `Connection: close` of its own client; the connection then ends.',
  },
  {
    name: 'http-proxy-middleware',
    file: 'http-proxy-middleware',
    package: 'http-proxy-middleware',
    over: BOTH,
    passedAs: '`createProxyMiddleware({ target, agent })`',
    theirs: 'fail',
    lacks: { redirect: 'it passes them on' },
    lacksOnNode20: { abort: 'version 3 does not tell upstream' },
    mind: 'It passes on `Connection: close` of its own client; the connection then ends.',
  },
  {
    name: '@fastify/reply-from, undici',
    file: 'reply-from',
    package: '@fastify/reply-from',
    over: BOTH,
    passedAs: '`register(replyFrom, { undici: dispatcher })`',
    theirs: 'may fail',
    lacks: { redirect: 'it passes them on', abort: 'it does not tell upstream' },
    mind: 'Where its own client goes away, the request upstream goes on: `responseTimeoutMs` of ours, or its `timeout`, end one that hears nothing. It retries GET by itself (`retriesCount`); the checks switch that off.',
  },
  {
    name: '@fastify/reply-from, http',
    file: 'reply-from-http',
    package: '@fastify/reply-from',
    over: BOTH,
    passedAs: "`register(replyFrom, { http: { agents: { 'http:': …, 'https:': … } } })`",
    theirs: 'may fail',
    lacks: { redirect: 'it passes them on', abort: 'it does not tell upstream' },
    mind: 'Where its own client goes away, the request upstream goes on: `responseTimeoutMs` of ours, or its `timeout`, end one that hears nothing. It retries GET by itself (`retriesCount`); the checks switch that off.',
  },
  {
    name: 'agent-base',
    file: 'agent-base',
    package: 'agent-base',
    over: BOTH,
    passedAs: 'an agent of ours, returned by `connect()` of a subclass',
    theirs: 'fail',
    failureAt: '',
    lacks: { redirect: 'as with `http.request`' },
    mind: 'One agent for HTTP and HTTPS, which can choose for each request. It needs `keepAlive: true` itself, as HttpsProxyAgent does; else Node sends `Connection: close`.',
  },
  {
    name: 'OpenTelemetry, instrumentation-http',
    file: 'opentelemetry-http',
    package: '@opentelemetry/instrumentation-http',
    over: BOTH,
    passedAs: '`{ agent }`',
    theirs: 'fail',
    failureAt: '',
    lacks: { redirect: 'as with `http.request`' },
    mind: 'One span a request; a replay is part of it.',
  },
  {
    name: 'OpenTelemetry, instrumentation-undici',
    file: 'opentelemetry-undici',
    package: '@opentelemetry/instrumentation-undici',
    over: BOTH,
    passedAs: '`fetch(url, { dispatcher })`',
    theirs: 'may fail',
    failureAt: '.cause',
    mind: 'One span each time that a request is sent, so that a replay has its own.',
  },
  {
    name: 'nock',
    file: 'nock',
    package: 'nock',
    over: BOTH,
    passedAs: '`{ agent }`',
    theirs: 'fail',
    lacks: { redirect: 'as with `http.request`' },
  },
  {
    name: 'msw',
    file: 'msw',
    package: 'msw',
    over: BOTH,
    passedAs: '`{ agent }`',
    theirs: 'fail',
    lacks: { redirect: 'as with `http.request`' },
    lacksOnNode20: { reuse: 'version 2 opens a connection for each request, with any agent' },
  },
]

/** What a client cannot do on a line of Node. */
export const lackingOn = (
  line: 'node20' | 'node26',
  { lacks = {}, lacksOnNode20 = {} }: Pick<ClientRow, 'lacks' | 'lacksOnNode20'>,
): ReadonlySet<Operation> =>
  new Set(
    OPERATIONS.filter(
      (operation) => operation in lacks || (line === 'node20' && operation in lacksOnNode20),
    ),
  )
