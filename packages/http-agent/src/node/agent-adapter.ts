import type http from 'node:http'
import type { Duplex } from 'node:stream'
import { type PolicyOptions, resolvePolicy } from '@holdfast/core'
import type { DrainOptions, DrainResult } from '../driver/drain.ts'
import type { KeepAliveSettings } from '../driver/liveness/tcp-keep-alive.ts'
import type { ConnectionRow } from '../driver/observe/connection-row.ts'
import type { DriverStats } from '../driver/observe/driver-stats.ts'
import type { WarmResult } from '../driver/warm-ups.ts'
import { AgentViews } from './agent-views.ts'
import { connectSocket } from './connect-socket.ts'
import type { SocketTarget } from './identity/socket-target.ts'
import { SocketTargets } from './identity/socket-targets.ts'
import type { AgentRequest } from './internals/agent-request.ts'
import type { AgentSocket } from './internals/agent-socket.ts'
import type { DrivenAgent, SocketCallback } from './internals/driven-agent.ts'
import { announceLastRequest } from './internals/request-head.ts'
import { keepAliveSettingsOf } from './options/keep-alive-settings.ts'
import { withLookup } from './options/lookup-option.ts'
import { optionsOfUrl } from './options/options-of-url.ts'
import type { RequestOptions } from './options/request-options.ts'
import { socketOptionsOf } from './options/socket-options.ts'
import { isPooled } from './pooled-socket.ts'
import { checkHostHeader } from './request/check-host-header.ts'
import { RequestLease } from './request/request-lease.ts'
import { SocketRunner } from './socket-runner.ts'

/** Node's methods of an agent, on a pool of ours. */
export class AgentAdapter {
  readonly #agent: DrivenAgent
  readonly #sockets: SocketRunner
  readonly #targets: SocketTargets
  #isNew = true
  readonly #tcpKeepAlive: () => KeepAliveSettings | undefined

  constructor(agent: DrivenAgent, policy: PolicyOptions | undefined) {
    const resolved = resolvePolicy(policy)
    this.#agent = agent
    // Node reads 0 as left out. A caller who sets it wants no idle socket.
    if (agent.options['maxFreeSockets'] === 0) agent.maxFreeSockets = 0
    this.#tcpKeepAlive = () => keepAliveSettingsOf(agent, resolved, policy?.tcpKeepAlive)
    this.#sockets = new SocketRunner(agent, resolved, this.#tcpKeepAlive)
    const { origins } = this.#sockets.runtime.pool
    this.#targets = new SocketTargets({
      agent,
      isDialShared: resolved.binding === 'late',
      knownOf: (key) => origins.get(key)?.target as SocketTarget | undefined,
    })
    this.#takeOver()
  }

  stats(): DriverStats {
    return this.#sockets.runtime.stats()
  }

  inspect(): ConnectionRow[] {
    return this.#sockets.runtime.inspect()
  }

  drain(options: DrainOptions = {}): Promise<DrainResult> {
    return this.#sockets.runtime.drain(options)
  }

  async warm(url: string | URL, count: number): Promise<WarmResult> {
    const given = optionsOfUrl(this.#agent, url)
    return await this.#sockets.runtime.warm(this.#targets.targetOf(undefined, given), count)
  }

  /** @throws As Node's agent: for a wrong `Host` header, and what `createConnection` throws at once. */
  addRequest(
    givenRequest: http.ClientRequest,
    options: RequestOptions | string,
    port: number | undefined,
    localAddress: string | undefined,
  ): void {
    const request = givenRequest as AgentRequest
    const given =
      typeof options === 'string'
        ? ({ host: options, port, localAddress } as RequestOptions)
        : options
    if (given['headers'] !== undefined) checkHostHeader(request)
    if (this.#isNew) this.#meetFirst(request, given)
    const target = this.#targets.targetOf(request, given)
    const lease = new RequestLease(request, target, given)
    this.#sockets.lease(lease)
    lease.isReturned = true
    if (lease.thrown !== undefined) throw lease.thrown
  }

  createSocket(
    request: http.ClientRequest,
    options: RequestOptions,
    callback: SocketCallback,
  ): void {
    const agent = this.#agent
    const socketOptions = socketOptionsOf(
      agent,
      request as AgentRequest,
      options,
      this.#tcpKeepAlive(),
    )
    const { names } = this.#sockets.runtime
    connectSocket(agent, withLookup(agent, socketOptions, names?.lookupFor), callback)
  }

  keepSocketAlive(socket: Duplex): boolean {
    const { timeout, setTimeout, unref } = socket as Partial<AgentSocket>
    unref?.call(socket)
    // A time-out that the last request set must not hit the next one.
    const idleTimeoutMs = this.#agent.options.timeout ?? 0
    if ((timeout ?? 0) !== idleTimeoutMs) setTimeout?.call(socket, idleTimeoutMs)
    return true
  }

  reuseSocket(socket: Duplex, request: http.ClientRequest): void {
    request.reusedSocket = true
    ;(socket as Partial<AgentSocket>).ref?.call(socket)
  }

  removeSocket(socket: Duplex): void {
    socket.emit('agentRemove')
  }

  destroy(): void {
    this.#sockets.destroy()
  }

  /**
   * Adapts an agent that serves one request. If an agent of ours is the global one, Node creates another of
   * its class, without options, for each request with `agent: false`.
   */
  #meetFirst(request: AgentRequest, { agent: asked }: RequestOptions): void {
    this.#isNew = false
    if (asked !== false) return
    this.#agent.keepAlive = false
    announceLastRequest(request)
  }

  /** Replaces the pool that Node's constructor has set up. */
  #takeOver(): void {
    const agent = this.#agent
    const { pool } = this.#sockets.runtime
    agent.removeAllListeners('free')
    agent.on('free', (socket: AgentSocket, options: RequestOptions) => {
      if (isPooled(socket)) return
      this.#sockets.adoptFree(this.#targets.targetOf(undefined, options), socket, options)
    })
    const { sockets, freeSockets, requests } = new AgentViews(pool, this.#targets)
    // As with Node's agents, a library may assign to them; the pool does not read them.
    Object.assign(agent, { sockets, freeSockets, requests })
    Object.defineProperty(agent, 'totalSocketCount', {
      get: () => pool.openCount,
      set: () => undefined,
      enumerable: true,
    })
  }
}
