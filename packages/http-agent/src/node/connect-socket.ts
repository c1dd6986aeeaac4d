import type http from 'node:http'
import type { AgentSocket } from './internals/agent-socket.ts'
import type { DrivenAgent, SocketCallback } from './internals/driven-agent.ts'
import { isAwaitingTunnel } from './internals/proxy-tunnel.ts'

/** Makes a socket by the agent's `createConnection`, which answers by its result or by the callback. */
export const connectSocket = (
  agent: DrivenAgent,
  options: http.ClientRequestArgs,
  callback: SocketCallback,
): void => {
  const socket = agent.createConnection(options, callback as never) as AgentSocket | null
  if (!socket) return
  // Through a proxy, plain HTTP needs no tunnel.
  if (agent.protocol !== 'https:' || !isAwaitingTunnel(socket)) callback(null, socket)
}
