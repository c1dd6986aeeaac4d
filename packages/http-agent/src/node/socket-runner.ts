import type { CloseReason, ResolvedPolicy } from '@holdfast/core'
import { KeepAliveHints } from '../driver/keep-alive-hints.ts'
import type { KeepAliveSettings } from '../driver/liveness/tcp-keep-alive.ts'
import { PoolRuntime } from '../driver/pool-runtime.ts'
import { realTime } from '../driver/real-time.ts'
import { connectSocket } from './connect-socket.ts'
import { discardSocket } from './discard-socket.ts'
import type { SocketTarget } from './identity/socket-target.ts'
import type { AgentSocket } from './internals/agent-socket.ts'
import type { DrivenAgent, SocketCallback } from './internals/driven-agent.ts'
import { announceLastRequest } from './internals/request-head.ts'
import { requestOn, setRequestOn } from './internals/request-on-socket.ts'
import { withLookup } from './options/lookup-option.ts'
import type { RequestOptions } from './options/request-options.ts'
import { mergeOptions, socketOptionsOf } from './options/socket-options.ts'
import { PooledSocket, type SocketConnection, type SocketListener } from './pooled-socket.ts'
import { awaitsPeer } from './request/awaits-peer.ts'
import { keepAliveHeaderOf } from './request/keep-alive-header-of.ts'
import { RequestHandOver } from './request/request-hand-over.ts'
import type { RequestLease } from './request/request-lease.ts'
import { RequestLosses } from './request/request-losses.ts'
import { unreadResponseOf } from './request/unread-response.ts'
import { closeReasonOf, createHangUp } from './socket-endings.ts'

/** Runs the pool's decisions on Node's sockets, and reports to the pool what happens to them. */
export class SocketRunner {
  readonly runtime: PoolRuntime<PooledSocket, RequestLease>
  readonly #agent: DrivenAgent
  readonly #tcpKeepAlive: () => KeepAliveSettings | undefined
  readonly #handOver: RequestHandOver
  readonly #losses: RequestLosses
  readonly #listener: SocketListener = {
    onOpen: (pooled) => this.#opened(pooled),
    onFree: (pooled) => this.#freed(pooled),
    onServed: (pooled) => this.#served(pooled),
    onRemove: (pooled) => this.#removed(pooled),
    onLost: (pooled, reason) => this.#lost(pooled, reason),
    onTimeout: (pooled) => this.#timedOut(pooled),
    onClose: (pooled, error) => this.#closed(pooled, error),
    onAnswer: (lease) => this.#answered(lease),
    mayResend: (lease) => this.#losses.mayResend(lease),
    onWriteError: (pooled, error) => this.#losses.lose(pooled, error),
    onRequestEnd: (pooled) => this.#losses.lose(pooled, undefined),
    onPlanted: (pooled) => this.#planted(pooled),
    onDestroy: (pooled, error) => this.#dying(pooled, error),
  }
  readonly #hints: KeepAliveHints = new KeepAliveHints()

  constructor(
    agent: DrivenAgent,
    policy: ResolvedPolicy,
    tcpKeepAlive: () => KeepAliveSettings | undefined,
  ) {
    this.#agent = agent
    this.#tcpKeepAlive = tcpKeepAlive
    this.runtime = new PoolRuntime({
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
        takeBack: (lease, connection) => this.#takeBack(lease, connection),
        reject: (lease, error) => this.#handOver.reject(lease, error),
        mayKeep: ({ transport }) => agent.keepSocketAlive((transport as PooledSocket).socket),
      },
      unreadOf: unreadResponseOf,
      awaitsPeer,
      serverOf: (target) => (target as SocketTarget).server,
      tcpKeepAlive,
    })
    this.#losses = new RequestLosses(this.runtime)
    this.#handOver = new RequestHandOver(agent, this.runtime, (pooled) => this.#release(pooled))
  }

  /** Asks for a socket. An error that the dial throws at once is left in the lease. */
  lease(lease: RequestLease): void {
    const { request } = lease
    if (request.destroyed) {
      request.onSocket(null)
      return
    }
    this.runtime.lease(lease)
    if (lease.isWaiting) this.#letWait(lease)
    else if (lease.stateName === 'checking') this.#watchOver(lease)
  }

  #letWait(lease: RequestLease): void {
    const dial = lease.waiter?.dial as SocketConnection | undefined
    // It may be a dial that no request has waited for so far.
    dial?.transport?.socket.ref?.()
    lease.wasQueued = dial === undefined
    this.#watchOver(lease)
  }

  /** Watches for a request that is destroyed before it has a socket. */
  #watchOver(lease: RequestLease): void {
    // It happens in the tick that tells its caller; until then, Node's callers find it in the
    // queue.
    lease.wait(() => realTime.nextTick(() => this.#giveUp(lease)))
  }

  /** Gives up a request that was destroyed while it had no socket. */
  #giveUp(lease: RequestLease): void {
    if (lease.isWaiting) this.runtime.cancel(lease)
    else if (lease.stateName === 'checking') this.runtime.aborted(lease)
    // A request that has got its socket meanwhile gives that back by itself.
    else return
    lease.settle(() => lease.request.onSocket(null))
  }

  /** Takes a request back from its lost socket, before it gets another one. */
  #takeBack(lease: RequestLease, { transport }: SocketConnection): void {
    this.#losses.takeBack(lease, transport as PooledSocket)
    lease.wasQueued = false
    this.#watchOver(lease)
  }

  #answered(lease: RequestLease): void {
    const { requests } = this.runtime.pool
    if (lease.request.finished) requests.complete(lease)
    this.runtime.answered(lease)
  }

  /** Destroys every socket, those that wait for their peer to close included. */
  destroy(): void {
    this.runtime.destroy()
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
      lease.runInContext(() =>
        this.runtime.dial(connection, () => this.#agent.createSocket(request, options, answer)),
      )
    } catch (error) {
      if (!lease.isReturned) lease.thrown = error as Error
      answer(error as Error)
    }
  }

  /** Dials ahead of requests, with the options of the first request of the origin. */
  #dialAhead(connection: SocketConnection): void {
    const agent = this.#agent
    const options = (connection.origin.target as SocketTarget).optionsAhead
    const answer = this.#answerTo(connection, options)
    try {
      const socketOptions = socketOptionsOf(agent, undefined, options, this.#tcpKeepAlive())
      const dialOptions = withLookup(agent, socketOptions, this.runtime.names?.lookupFor)
      this.runtime.dial(connection, () => connectSocket(agent, dialOptions, answer))
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
        // No request waits for the answer: it was given up, or the agent was destroyed.
        if (socket) discardSocket(socket)
      } else if (error || !socket) this.runtime.dialFailed(connection, error ?? createHangUp())
      else this.#adopt(connection, socket, options)
    }
  }

  /** Adopts an idle socket that was opened elsewhere, as Node's agents do. */
  adoptFree(target: SocketTarget, socket: AgentSocket, options: RequestOptions): void {
    const isWelcome = this.#agent.keepAlive && isKept(socket)
    const connection = isWelcome ? this.runtime.adopt(target) : undefined
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
    // A dial that no request waits for must not keep the process alive.
    if (!this.runtime.isAwaited(connection)) socket.unref?.()
    if (pooled.isOpen) this.#opened(pooled)
    else if (socket.closed) this.#closed(pooled, socket.errored ?? undefined)
    // A destroyed socket is about to report its error, which the request would not get.
    else if (this.#isBoundEarly && !socket.destroyed) this.#handConnecting(pooled)
  }

  get #isBoundEarly(): boolean {
    return this.runtime.policy.binding === 'early'
  }

  /** Hands a connecting socket over at once, as Node's agent does. */
  #handConnecting(pooled: PooledSocket): void {
    const { connection } = pooled
    const lease = connection.waiter?.request
    if (lease === undefined) return
    lease.claimed = pooled.socket
    lease.connectionId = connection.id
    if (this.runtime.policy.maxRequestsPerConnection === 1) announceLastRequest(lease.request)
    lease.settle(() => pooled.handTo(lease))
    if (lease.wasQueued) this.#agent.emit('free', pooled.socket, pooled.options)
  }

  #opened(pooled: PooledSocket): void {
    const { connection } = pooled
    this.runtime.opened(connection)
    if (connection.stateName === 'idle') {
      pooled.socket.unref?.()
      pooled.watch()
    }
  }

  /**
   * Takes back the socket of a request that is done, or was destroyed before it used it. Node may
   * report this twice, where a request was aborted just as it ended.
   */
  #freed(pooled: PooledSocket): void {
    const { connection } = pooled
    const { stateName, waiter } = connection
    if (stateName === 'connecting' && waiter !== undefined) {
      pooled.guardErrors()
      this.runtime.cancel(waiter.request)
    } else if (connection.isInUse) {
      this.#release(pooled)
    }
  }

  /** Takes the socket back for the pool once its last response is complete. */
  #served(pooled: PooledSocket): void {
    const { connection } = pooled
    if (!connection.isInUse) {
      pooled.silence().destroy()
      return
    }
    pooled.guardErrors()
    pooled.isServed = true
    this.runtime.release(connection, 'response_close')
  }

  #close(connection: SocketConnection, reason: CloseReason, error: Error | undefined): void {
    if (connection.transport === undefined) {
      // Its place must not depend on an answer of `createConnection` that may never come.
      this.runtime.dialFailed(connection, createHangUp())
      return
    }
    if (error !== undefined) {
      this.#losses.timeOut(connection.transport, error)
      return
    }
    // The pool closes connections in use only where it is destroyed; a watched one is leased to a
    // request that has not got it yet.
    const isUnused = reason !== 'destroyed' || connection.transport?.isWatched === true
    this.runtime.close(connection, reason, isUnused)
  }

  /** Removes a socket that its request keeps for good (upgrade, CONNECT). */
  #removed(pooled: PooledSocket): void {
    const { connection } = pooled
    if (!connection.isInUse) return
    pooled.letGo()
    this.runtime.detach(connection)
  }

  #release(pooled: PooledSocket): void {
    const { connection } = pooled
    const { socket } = pooled
    // A request that was destroyed before it used the socket has written nothing.
    pooled.letWrite()
    if (socket.writable) {
      pooled.onServed()
      const { lease } = pooled
      const request = requestOn(socket)
      const response = request?.res
      // A stream that is no socket of Node's shows no bytes.
      if (response && lease !== undefined && !pooled.isIntercepted) this.#answered(lease)
      const header = response ? keepAliveHeaderOf(response) : undefined
      if (header !== undefined) connection.applyHint(this.#hints.read(header))
      this.runtime.release(connection, refusalOf(connection, socket))
      if (requestOn(socket) === request) setRequestOn(socket, null)
      if (connection.stateName === 'idle') pooled.watch()
    } else {
      socket.destroy()
    }
    this.#agent.emit('free', socket, pooled.options)
  }

  /** Handles the loss of a socket that no request uses. */
  #lost(pooled: PooledSocket, reason: CloseReason): void {
    const { connection } = pooled
    if (connection.stateName === 'closing') return
    pooled.endWatch()
    if (connection.stateName === 'idle' || connection.stateName === 'lingering') {
      this.runtime.retire(connection, reason)
    } else if (connection.isInUse) {
      // Its request waits at the fence, and has written nothing.
      const loss = { isUnwritten: true, isRepeatable: false }
      if (this.runtime.lose(connection, loss, reason) !== 'fail') return
      pooled.socket.destroy()
      this.runtime.closed(connection, reason)
    }
  }

  /**
   * Handles a socket that is being destroyed.
   *
   * @returns Whether the error is to be dropped.
   */
  #dying(pooled: PooledSocket, error: Error | undefined): boolean {
    this.runtime.dying(pooled.connection)
    return this.#losses.loseToDestroy(pooled, error)
  }

  /** Handles bytes that the peer has sent before the request. */
  #planted(pooled: PooledSocket): void {
    pooled.closeReason = 'stray_data'
    if (!this.#losses.loseToPlanted(pooled)) pooled.socket.destroy()
  }

  #timedOut(pooled: PooledSocket): void {
    const { connection } = pooled
    // One that lingers has a time-out of its own.
    if (connection.isClosing) return
    if (pooled.isWatched) this.#lost(pooled, 'idle_timeout')
    else if (connection.stateName === 'connecting') {
      const lease = connection.waiter?.request
      // A request that has the socket already gets the event by itself.
      if (lease?.claimed === undefined) lease?.request.emit('timeout')
    }
  }

  #closed({ closeReason, connection, socket }: PooledSocket, error: Error | undefined): void {
    if (connection.stateName === 'closed') return
    if (connection.hasOpened) this.runtime.closed(connection, closeReason ?? closeReasonOf(socket))
    else this.runtime.dialFailed(connection, error ?? createHangUp())
  }
}

/** Whether the request that has used the socket leaves it open, as far as Node knows. */
const isKept = (socket: AgentSocket): boolean =>
  socket.writable && requestOn(socket)?.shouldKeepAlive === true

/**
 * Returns the reason why a socket that a request gives back must not serve another one, as far as
 * Node knows.
 */
const refusalOf = ({ origin }: SocketConnection, socket: AgentSocket): CloseReason | undefined => {
  if (requestOn(socket)?.shouldKeepAlive === false) return 'response_close'
  // After a replay, Node counts the bytes of the first attempt as written.
  if (socket.writableLength > 0) return 'early_response'
  return (origin.target as SocketTarget).isOfOneRequest ? 'response_close' : undefined
}
