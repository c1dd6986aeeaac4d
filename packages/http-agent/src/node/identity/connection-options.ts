/**
 * The part that an option has in what makes connections interchangeable.
 *
 * - `named`: part of the identity, and of the name that Node's `getName` makes.
 * - `added`: part of the identity, although Node's name leaves it out.
 * - `dial`: shapes a dial, but is nothing that a kept connection is chosen by. It counts only where a
 *   dial that was begun for one request may serve another one.
 * - `stream`: how the stream behaves, whoever uses it.
 * - `server`: of no effect on connections that a client makes.
 */
export type OptionPart = 'named' | 'added' | 'dial' | 'stream' | 'server'

/** An option, what reads it, its part, and why. */
export interface ConnectionOption {
  /** `net` for options of every connection, `tls` for those that only TLS reads. */
  readonly of: 'net' | 'tls'
  readonly part: OptionPart
  readonly why: string
}

type Rows = Readonly<Record<string, readonly [OptionPart, string]>>

const WHERE = 'where the connection leads'
const FROM = 'the address that the peer sees'
const TRUST = 'which certificates of the peer are believed'
const PRESENTED = 'what the peer is shown of the client'
const STRENGTH = 'how strong the protection has to be'
const WAY = 'how to get to the peer, not who it is'
const FLOW = 'how bytes flow'
const OBJECT = 'how the stream object behaves'
const SERVER = 'read by servers'

const NET: Rows = {
  host: ['named', WHERE],
  port: ['named', WHERE],
  path: ['named', `${WHERE}: agents take it from \`socketPath\``],
  localAddress: ['named', FROM],
  family: ['named', `${FROM}, and the kind of the address that is dialled`],
  blockList: ['added', 'which addresses must not be connected to'],
  fd: ['added', 'the connection itself, given'],
  handle: ['added', 'the connection itself, or a socket that is bound already'],
  lookup: ['dial', `${WAY}: the name and the certificate stay the same`],
  hints: ['dial', WAY],
  autoSelectFamily: ['dial', WAY],
  autoSelectFamilyAttemptTimeout: ['dial', WAY],
  localPort: [
    'dial',
    'one dial at a time can have it; a kept connection is as good from another port',
  ],
  onread: ['dial', 'the buffer and the function that get what is read'],
  timeout: ['stream', 'set anew for each request'],
  signal: ['stream', 'of one request, which has it without its connection'],
  noDelay: ['stream', FLOW],
  keepAlive: ['stream', 'TCP keepalive, about which the policy decides'],
  keepAliveInitialDelay: ['stream', 'TCP keepalive, about which the policy decides'],
  typeOfService: ['stream', FLOW],
  highWaterMark: ['stream', 'set anew for each request'],
  allowHalfOpen: ['stream', OBJECT],
  autoDestroy: ['stream', OBJECT],
  decodeStrings: ['stream', OBJECT],
  emitClose: ['stream', OBJECT],
  objectMode: ['stream', OBJECT],
  readable: ['stream', OBJECT],
  readableObjectMode: ['stream', OBJECT],
  writable: ['stream', OBJECT],
  writableObjectMode: ['stream', OBJECT],
  manualStart: ['stream', OBJECT],
  pauseOnCreate: ['stream', OBJECT],
  backlog: ['server', SERVER],
  exclusive: ['server', SERVER],
  ipv6Only: ['server', SERVER],
  pauseOnConnect: ['server', SERVER],
  readableAll: ['server', SERVER],
  reusePort: ['server', SERVER],
  writableAll: ['server', SERVER],
}

const TLS: Rows = {
  servername: ['named', 'the name that the certificate has to be for'],
  rejectUnauthorized: ['named', 'whether the certificate has to be valid'],
  ca: ['named', TRUST],
  crl: ['named', TRUST],
  cert: ['named', PRESENTED],
  key: ['named', PRESENTED],
  pfx: ['named', PRESENTED],
  clientCertEngine: ['named', PRESENTED],
  privateKeyEngine: ['named', PRESENTED],
  privateKeyIdentifier: ['named', PRESENTED],
  ciphers: ['named', STRENGTH],
  dhparam: ['named', STRENGTH],
  ecdhCurve: ['named', STRENGTH],
  honorCipherOrder: ['named', STRENGTH],
  maxVersion: ['named', STRENGTH],
  minVersion: ['named', STRENGTH],
  secureOptions: ['named', STRENGTH],
  secureProtocol: ['named', STRENGTH],
  sigalgs: ['named', STRENGTH],
  sessionIdContext: ['named', 'as Node has it, although clients do not use it'],
  secureContext: ['added', 'stands for all of certificate, key, CA and ciphers; by reference'],
  checkServerIdentity: ['added', 'decides whether the peer is the right one; by reference'],
  allowPartialTrustChain: ['added', TRUST],
  requestOCSP: ['added', 'whether the peer has to say that its certificate is not revoked'],
  minDHSize: ['added', STRENGTH],
  passphrase: ['added', 'who does not know it may not use the key'],
  pskCallback: ['added', 'the key that both ends share; by reference'],
  session: ['added', 'a resumed session is not verified again'],
  socket: ['added', 'what TLS runs on, and so where it leads; by reference'],
  ALPNProtocols: ['added', 'the protocol that is spoken'],
  certificateCompression: ['stream', FLOW],
  enableTrace: ['stream', 'what is printed'],
  isServer: ['server', 'set by `tls.connect`'],
  pipe: ['server', 'set by `tls.connect`'],
  requestCert: ['server', 'set by `tls.connect`'],
  credentials: ['server', 'read by `new TLSSocket`'],
  singleUse: ['stream', 'whether the secure context is freed early'],
  ticketKeys: ['server', SERVER],
  sessionTimeout: ['server', SERVER],
  server: ['server', SERVER],
  handshakeTimeout: ['server', SERVER],
  pskIdentityHint: ['server', SERVER],
  ALPNCallback: ['server', SERVER],
  SNICallback: ['server', SERVER],
}

const rowsOf = (of: ConnectionOption['of'], rows: Rows): (readonly [string, ConnectionOption])[] =>
  Object.entries(rows).map(([name, [part, why]]) => [name, { of, part, why }])

/** Every option of `net.connect`, `tls.connect` and `tls.createSecureContext`, by name. */
export const CONNECTION_OPTIONS: Readonly<Record<string, ConnectionOption>> = Object.fromEntries([
  ...rowsOf('net', NET),
  ...rowsOf('tls', TLS),
])
