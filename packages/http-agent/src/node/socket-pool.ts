import type { CloseReason, RequestWaiter, ResolvedPolicy } from '@holdfast/core'
import type { KeepAliveSettings } from '../driver/liveness/tcp-keep-alive.ts'
import { PoolRuntime } from '../driver/pool-runtime.ts'
import { realTime } from '../driver/real-time.ts'
import { connectSocket } from './connect-socket.ts'
import { discardSocket } from './discard-socket.ts'
import type { SocketTarget } from './identity/socket-target.ts'
import type { AgentRequest } from './internals/agent-request.ts'
import type { AgentSocket } from './internals/agent-socket.ts'
import type { DrivenAgent, SocketCallback } from './internals/driven-agent.ts'
import { announceLastRequest } from './internals/request-head.ts'
import { requestOn, setRequestOn } from './internals/request-on-socket.ts'
import type { RequestOptions } from './options/request-options.ts'
import { mergeOptions, socketOptionsOf } from './options/socket-options.ts'
import { PooledSocket, type SocketConnection, type SocketListener } from './pooled-socket.ts'
import { awaitsPeer } from './request/awaits-peer.ts'
import { Replay } from './request/replay.ts'
import { RequestHandOver } from './request/request-hand-over.ts'
import type { RequestLease } from './request/request-lease.ts'
import { ServerHints } from './request/server-hints.ts'
import { unreadResponseOf } from './request/unread-response.ts'
import { closeReasonOf, createHangUp } from './socket-endings.ts'

/** Runs the pool's decisions on Node's sockets, and tells it what happens to them. */
export class SocketPool {
  readonly driver: PoolRuntime<PooledSocket, RequestLease>
  readonly #agent: DrivenAgent
  readonly #tcpKeepAlive: () => KeepAliveSettings | undefined
  readonly #handOver: RequestHandOver
  readonly #replay: Replay
  readonly #listener: SocketListener = {
    onOpen: (pooled) => this.#opened(pooled),
    onFree: (pooled) => this.#freed(pooled),
    onServed: (pooled) => this.#served(pooled),
    onRemove: (pooled) => this.#removed(pooled),
    onLost: (pooled, reason) => this.#lost(pooled, reason),
    onTimeout: (pooled) => this.#timedOut(pooled),
    onClose: (pooled, error) => this.#closed(pooled, error),
    isRepeatable: (lease) => this.#replay.isRepeatable(lease),
    onWriteError: (pooled, error) => this.#replay.save(pooled, error),
    onRequestEnd: (pooled) => this.#replay.save(pooled, undefined),
    onPlanted: (pooled) => this.#planted(pooled),
    onDestroy: (pooled, error) => this.#dying(pooled, error),
  }
  readonly #hints: ServerHints = new ServerHints()

  constructor(
    agent: DrivenAgent,
    policy: ResolvedPolicy,
    tcpKeepAlive: () => KeepAliveSettings | undefined,
  ) {
    this.#agent = agent
    this.#tcpKeepAlive = tcpKeepAlive
    this.driver = new PoolRuntime({
      source: agent,
      policy,
      caps: {
        get maxPerOrigin() {
          return agent.maxSockets
        },
        get maxTotal() {
          return agent.maxTotalSockets
        },
        get maxIdlePerOrigin() {
          return agent.keepAlive ? agent.maxFreeSockets : 0
        },
      },
      scheduling: agent.scheduling,
      effects: {
        dial: (connection, lease) => this.#dial(connection, lease),
        close: (connection, reason, error) => this.#close(connection, reason, error),
        grant: (lease, connection) => this.#handOver.grant(lease, connection),
        reject: (lease, error) => this.#handOver.reject(lease, error),
      },
      isReplayable: ({ isReplayable }) => isReplayable,
      unreadOf: unreadResponseOf,
      awaitsPeer,
      serverOf: (target) => (target as SocketTarget).server,
      tcpKeepAlive,
    })
    this.#replay = new Replay(
      policy.replay,
      (lease, { socket, connection }, reason) => {
        this.#leaseFresh(lease)
        socket.destroy()
        this.driver.closed(connection, reason)
      },
      ({ connection }) => this.driver.replayed(connection),
    )
    this.#handOver = new RequestHandOver(
      agent,
      this.driver,
      (lease) => this.#leaseFresh(lease),
      (pooled) => this.#release(pooled),
    )
  }

  /** Whether the request is sure to be sent again where its connection turns out dead. */
  isReplayable(request: AgentRequest): boolean {
    return this.#replay.covers(request)
  }

  /** Asks for a socket. What the dial throws at once is left in the lease. */
  lease(lease: RequestLease): void {
    const { request } = lease
    if (request.destroyed) {
      request.onSocket(null)
      return
    }
    const waiter = this.driver.lease(lease.target, lease)
    if (waiter !== undefined && !lease.isSettled) this.#letWait(lease, waiter)
  }

  #letWait(lease: RequestLease, waiter: RequestWaiter<PooledSocket, RequestLease>): void {
    // It may be a dial that nobody has waited for so far.
    waiter.dial?.transport?.socket.ref?.()
    lease.wasQueued = waiter.dial === undefined
    // In the tick that tells its caller; until then, Node's callers find it in the queue.
    lease.wait(waiter.queuedAtMs, () => realTime.nextTick(() => this.#giveUp(lease, waiter)))
  }

  /** The request was destroyed while it waited. */
  #giveUp(lease: RequestLease, waiter: RequestWaiter<PooledSocket, RequestLease>): void {
    // One that has got its socket meanwhile gives that back by itself.
    if (lease.isSettled) return
    lease.endWait()
    this.driver.cancel(waiter)
    lease.settle(() => lease.request.onSocket(null))
  }

  /** The request has lost its socket; it gets a connection of its own. */
  #leaseFresh(lease: RequestLease): void {
    lease.isSettled = false
    lease.claimed = undefined
    const waiter = this.driver.leaseFresh(lease.target, lease)
    if (!lease.isSettled) this.#letWait(lease, waiter)
  }

  /** Destroys every socket, those that wait for their peer to close included. */
  destroy(): void {
    this.driver.destroy()
  }

  #dial(connection: SocketConnection, lease: RequestLease | undefined): void {
    if (lease === undefined) {
      this.#dialAhead(connection)
      return
    }
    const { request } = lease
    const options = mergeOptions(request, lease.options, this.#agent.options)
    const answer = this.#answerTo(connection, options)
    try {
      lease.runInContext(() => this.#agent.createSocket(request, options, answer))
    } catch (error) {
      if (!lease.isReturned) lease.thrown = error as Error
      answer(error as Error)
    }
  }

  /** Dials for nobody, as for the first request of the origin. */
  #dialAhead(connection: SocketConnection): void {
    const agent = this.#agent
    const options = (connection.origin.target as SocketTarget).optionsAhead
    const answer = this.#answerTo(connection, options)
    try {
      const socketOptions = socketOptionsOf(agent, undefined, options, this.#tcpKeepAlive())
      connectSocket(agent, socketOptions, answer)
    } catch (error) {
      answer(error as Error)
    }
  }

  #answerTo(connection: SocketConnection, options: RequestOptions): SocketCallback {
    let isAnswered = false
    return (error, socket) => {
      if (isAnswered) return
      isAnswered = true
      if (connection.stateName !== 'connecting') {
        // Nobody has waited for the answer: the request was given up, or the agent destroyed.
        if (socket) discardSocket(socket)
      } else if (error || !socket) this.driver.dialFailed(connection, error ?? createHangUp())
      else this.#adopt(connection, socket, options)
    }
  }

  /** Takes in an idle socket that somebody else has opened, as Node's agents do. */
  adoptFree(target: SocketTarget, socket: AgentSocket, options: RequestOptions): void {
    const isWelcome = this.#agent.keepAlive && isKept(socket)
    const connection = isWelcome ? this.driver.adopt(target) : undefined
    if (connection === undefined) {
      discardSocket(socket)
      return
    }
    setRequestOn(socket, null)
    this.#adopt(connection, socket, options)
  }

  #adopt(connection: SocketConnection, socket: AgentSocket, options: RequestOptions): void {
    const pooled = new PooledSocket(socket, connection, options, this.#listener)
    connection.transport = pooled
    if (this.#agent.listenerCount('keylog') > 0) {
      socket.on('keylog', (line) => this.#agent.emit('keylog', line, socket))
    }
    // What nobody waits for must not keep the process alive.
    if (!this.driver.isAwaited(connection)) socket.unref?.()
    if (pooled.isOpen) this.#opened(pooled)
    else if (socket.closed) this.#closed(pooled, socket.errored ?? undefined)
    // One that is destroyed is about to say why, and would not say it to the request.
    else if (this.#isBoundEarly && !socket.destroyed) this.#handConnecting(pooled)
  }

  get #isBoundEarly(): boolean {
    return this.driver.policy.binding === 'early'
  }

  /** Hands a connecting socket over at once, as Node's agent does. */
  #handConnecting(pooled: PooledSocket): void {
    const { connection } = pooled
    const lease = connection.waiter?.request
    if (lease === undefined) return
    lease.claimed = pooled.socket
    lease.connectionId = connection.id
    lease.waitsSinceMs = connection.createdAtMs
    if (this.driver.policy.maxRequestsPerConnection === 1) announceLastRequest(lease.request)
    lease.settle(() => pooled.handTo(lease))
    if (lease.wasQueued) this.#agent.emit('free', pooled.socket, pooled.options)
  }

  #opened(pooled: PooledSocket): void {
    const { connection } = pooled
    this.driver.opened(connection)
    if (connection.stateName === 'idle') {
      pooled.socket.unref?.()
      pooled.watch()
    }
  }

  /**
   * A request is done with the socket, or was destroyed before it used it. Node may say so twice,
   * where a request was aborted just as it ended.
   */
  #freed(pooled: PooledSocket): void {
    const { connection } = pooled
    const { stateName, waiter } = connection
    if (stateName === 'connecting' && waiter !== undefined) {
      pooled.guardErrors()
      waiter.request.endWait()
      this.driver.cancel(waiter)
    } else if (isInUse(connection)) {
      this.#release(pooled)
    }
  }

  /** The last response is complete: as far as the pool is concerned, the socket is given back. */
  #served(pooled: PooledSocket): void {
    const { connection } = pooled
    if (!isInUse(connection)) {
      pooled.silence().destroy()
      return
    }
    pooled.guardErrors()
    pooled.isServed = true
    this.driver.release(connection, 'response_close')
  }

  #close(connection: SocketConnection, reason: CloseReason, error: Error | undefined): void {
    if (connection.transport === undefined) {
      // Its place must not depend on an answer of `createConnection` that may never come.
      this.driver.dialFailed(connection, createHangUp())
      return
    }
    if (error !== undefined) {
      this.#replay.timeOut(connection.transport, error)
      return
    }
    // The pool closes connections in use only where it is destroyed; a watched one is leased to a
    // request that has not got it yet.
    const isUnused = reason !== 'destroyed' || connection.transport?.isWatched === true
    this.driver.close(connection, reason, isUnused)
  }

  /** A request keeps the socket for good (upgrade, CONNECT). */
  #removed(pooled: PooledSocket): void {
    const { connection } = pooled
    if (!isInUse(connection)) return
    pooled.letGo()
    this.driver.detach(connection)
  }

  #release(pooled: PooledSocket): void {
    const { connection } = pooled
    const { socket } = pooled
    if (socket.writable) {
      pooled.onServed()
      const response = requestOn(socket)?.res
      const hint = response ? this.#hints.hintOf(response) : undefined
      if (hint !== undefined) connection.heed(hint)
      const refusal = this.#refusalOf(connection, socket)
      setRequestOn(socket, null)
      this.driver.release(connection, refusal)
      if (connection.stateName === 'idle') pooled.watch()
    } else {
      socket.destroy()
    }
    this.#agent.emit('free', socket, pooled.options)
  }

  /** Why a socket that a request gives back must not serve another one, as far as Node knows. */
  #refusalOf({ origin }: SocketConnection, socket: AgentSocket): CloseReason | undefined {
    if (requestOn(socket)?.shouldKeepAlive === false) return 'response_close'
    // Of a request that was sent before, Node takes for written what was written then.
    if (socket.writableLength > 0) return 'early_response'
    if ((origin.target as SocketTarget).isOfOneRequest) return 'response_close'
    const isWanted = origin.oldestWaiter !== undefined
    return isWanted || this.#agent.keepSocketAlive(socket) ? undefined : 'response_close'
  }

  /** Something happened to a socket that no request uses. */
  #lost(pooled: PooledSocket, reason: CloseReason): void {
    const { connection } = pooled
    if (connection.stateName === 'closing') return
    pooled.endWatch()
    if (connection.stateName === 'idle' || connection.stateName === 'lingering') {
      this.driver.retire(connection, reason)
    } else if (isInUse(connection)) {
      // It is leased to a request that waits at the fence and will look for another one.
      pooled.socket.destroy()
      this.driver.closed(connection, reason)
    }
  }

  /** @returns Whether nobody needs to hear of the error. */
  #dying(pooled: PooledSocket, error: Error | undefined): boolean {
    this.driver.dying(pooled.connection)
    return this.#replay.saveFromDestroy(pooled, error)
  }

  /** Bytes came that the peer has sent before it was asked. */
  #planted(pooled: PooledSocket): void {
    pooled.closeReason = 'stray_data'
    if (!this.#replay.saveFromPlanted(pooled)) pooled.socket.destroy()
  }

  #timedOut(pooled: PooledSocket): void {
    const { connection } = pooled
    // One that lingers has a time-out of its own.
    if (connection.isClosing) return
    if (pooled.isWatched) this.#lost(pooled, 'idle_timeout')
    else if (connection.stateName === 'connecting') {
      const lease = connection.waiter?.request
      // A request that has the socket already hears of it by itself.
      if (lease?.claimed === undefined) lease?.request.emit('timeout')
    }
  }

  #closed({ closeReason, connection, socket }: PooledSocket, error: Error | undefined): void {
    if (connection.stateName === 'closed') return
    if (connection.hasOpened) this.driver.closed(connection, closeReason ?? closeReasonOf(socket))
    else this.driver.dialFailed(connection, error ?? createHangUp())
  }
}

/** Whether the request that has used the socket leaves it open, as far as Node knows. */
const isKept = (socket: AgentSocket): boolean =>
  socket.writable && requestOn(socket)?.shouldKeepAlive === true

const isInUse = ({ stateName }: SocketConnection): boolean =>
  stateName === 'leased' || stateName === 'draining'
