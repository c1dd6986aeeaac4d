import type { AgentSocket } from '../../dist/node/internals/agent-socket.js'
import type { AsyncHandle } from '../../dist/node/internals/async-context.js'
import type { RequestWithHead } from '../../dist/node/internals/request-head.js'
import type { SocketInUse } from '../../dist/node/internals/request-on-socket.js'
import type { ReadingHandle } from '../../dist/node/internals/socket-reads.js'
import type { SentRequest } from '../../dist/node/internals/take-request.js'

/** A request with all of its members that the agents use and Node does not document. */
export type NodeRequest = RequestWithHead & Pick<SentRequest, 'timeoutCb' | 'parser'>

/** The handle of a socket, with the same. */
export type NodeHandle = ReadingHandle & AsyncHandle

/** A socket, with the same. */
export interface NodeSocket extends AgentSocket, SocketInUse {
  readonly _handle?: NodeHandle | null
}
