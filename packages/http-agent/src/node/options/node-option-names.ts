import type http from 'node:http'
import type https from 'node:https'
import type net from 'node:net'
import type tls from 'node:tls'

/** Options at the top level of an agent's options, by Node's types. */
type NodeOptions =
  | http.AgentOptions
  | https.AgentOptions
  | https.RequestOptions
  | net.NetConnectOpts
  | net.SocketConstructorOpts
  | tls.ConnectionOptions
  | tls.SecureContextOptions

type KeyOf<Options> = Options extends unknown ? keyof Options : never

const OF_AGENTS = [
  'agentKeepAliveTimeoutBuffer',
  'keepAlive',
  'keepAliveMsecs',
  'maxCachedSessions',
  'maxFreeSockets',
  'maxSockets',
  'maxTotalSockets',
  'proxyEnv',
  'scheduling',
  'timeout',
] as const

/** Libraries give their callers' options to an agent and to its requests alike. */
const OF_REQUESTS = [
  'agent',
  'auth',
  'createConnection',
  'defaultPort',
  'hash',
  'headers',
  'host',
  'hostname',
  'href',
  'httpValidation',
  'insecureHTTPParser',
  'joinDuplicateHeaders',
  'maxHeaderSize',
  'method',
  'path',
  'pathname',
  'port',
  'protocol',
  'query',
  'search',
  'setDefaultHeaders',
  'setHost',
  'signal',
  'uniqueHeaders',
] as const

const OF_SOCKETS = [
  'allowHalfOpen',
  'autoSelectFamily',
  'autoSelectFamilyAttemptTimeout',
  'blockList',
  'family',
  'fd',
  'handle',
  'highWaterMark',
  'hints',
  'keepAliveInitialDelay',
  'localAddress',
  'localPort',
  'lookup',
  'noDelay',
  'onread',
  'readable',
  'socketPath',
  'typeOfService',
  'writable',
] as const

const OF_TLS = [
  'ALPNCallback',
  'ALPNProtocols',
  'SNICallback',
  'allowPartialTrustChain',
  'ca',
  'cert',
  'certificateCompression',
  'checkServerIdentity',
  'ciphers',
  'clientCertEngine',
  'crl',
  'dhparam',
  'ecdhCurve',
  'enableTrace',
  'honorCipherOrder',
  'isServer',
  'key',
  'maxVersion',
  'minDHSize',
  'minVersion',
  'passphrase',
  'pfx',
  'privateKeyEngine',
  'privateKeyIdentifier',
  'pskCallback',
  'rejectUnauthorized',
  'requestCert',
  'requestOCSP',
  'secureContext',
  'secureOptions',
  'secureProtocol',
  'server',
  'servername',
  'session',
  'sessionIdContext',
  'sessionTimeout',
  'sigalgs',
  'singleUse',
  'socket',
  'ticketKeys',
] as const

type Listed = (typeof OF_AGENTS | typeof OF_REQUESTS | typeof OF_SOCKETS | typeof OF_TLS)[number]

/** Does not compile where Node's types know an option that is not listed. */
type Complete = [Exclude<KeyOf<NodeOptions>, Listed | `_${string}`>] extends [never] ? true : never
const isComplete: Complete = true

/** The options of agents, requests, sockets and TLS on all lines of Node, which agents pass on. */
export const NODE_OPTION_NAMES: ReadonlySet<string> = new Set(
  isComplete ? [...OF_AGENTS, ...OF_REQUESTS, ...OF_SOCKETS, ...OF_TLS] : [],
)
