import type { CloseReason } from '../src/connection/close-reason.ts'
import type { Connection } from '../src/connection/connection.ts'
import type { OriginTarget } from '../src/connection/origin-target.ts'
import type { Effects, Look } from '../src/effects.ts'
import { HoldfastError } from '../src/errors.ts'
import type { TestRequest } from './test-request.ts'

/** What tests pool: no transport at all, for requests that go by names. */
export type TestConnection = Connection<undefined, TestRequest>

/** What a driver might do within an effect, once that is recorded. */
export interface Reactions {
  readonly dial?: (connection: TestConnection, request: TestRequest | undefined) => void
  readonly close?: (connection: TestConnection, reason: CloseReason) => void
  readonly linger?: (connection: TestConnection) => void
  /** Left out, no peer is left to close first. */
  readonly mayLinger?: (connection: TestConnection, reason: CloseReason) => boolean
  readonly grant?: (request: TestRequest, connection: TestConnection) => void
  readonly takeBack?: (request: TestRequest, connection: TestConnection) => void
  readonly reject?: (request: TestRequest, error: Error) => void
  readonly mayKeep?: (connection: TestConnection) => boolean
  readonly peek?: (
    connection: TestConnection,
    request: TestRequest,
    nowMs: number,
  ) => Look | undefined
  readonly silentSince?: (connection: TestConnection, nowMs: number) => number
}

/** Effects that only write down what they were asked, and then react as the test wishes. */
export class RecordingEffects implements Effects<undefined, TestRequest> {
  /** Every connection ever dialled, by its id. */
  readonly connections: Map<number, TestConnection> = new Map()
  /** Why a request was rejected, or what that of a connection fails with. */
  readonly errors: Map<string, Error> = new Map()
  reactions: Reactions = {}
  #log: string[] = []

  /** What has happened since the last call, in order. */
  takeLog(): string[] {
    const log = this.#log
    this.#log = []
    return log
  }

  dial(connection: TestConnection, request: TestRequest | undefined): void {
    this.connections.set(connection.id, connection)
    this.#log.push(`dial ${connection.id} ${request === undefined ? 'ahead' : `for ${request}`}`)
    this.reactions.dial?.(connection, request)
  }

  close(connection: TestConnection, reason: CloseReason, error?: Error): void {
    if (error !== undefined) this.errors.set(`connection ${connection.id}`, error)
    this.#log.push(`close ${connection.id}: ${reason}`)
    this.reactions.close?.(connection, reason)
  }

  linger(connection: TestConnection): void {
    this.#log.push(`linger ${connection.id}`)
    this.reactions.linger?.(connection)
  }

  mayLinger(connection: TestConnection, reason: CloseReason): boolean {
    return this.reactions.mayLinger?.(connection, reason) ?? false
  }

  grant(request: TestRequest, connection: TestConnection): void {
    const isLast = connection.stateName === 'draining'
    const unsure = connection.isSure ? '' : ' unsure'
    this.#log.push(`grant ${connection.id} to ${request}${isLast ? ' as its last' : ''}${unsure}`)
    this.reactions.grant?.(request, connection)
  }

  takeBack(request: TestRequest, connection: TestConnection): void {
    this.#log.push(`take back ${request} from ${connection.id}`)
    this.reactions.takeBack?.(request, connection)
  }

  reject(request: TestRequest, error: Error): void {
    this.errors.set(request.name, error)
    this.#log.push(
      `reject ${request}: ${error instanceof HoldfastError ? error.code : error.message}`,
    )
    this.reactions.reject?.(request, error)
  }

  mayKeep(connection: TestConnection): boolean {
    return this.reactions.mayKeep?.(connection) ?? true
  }

  peek(connection: TestConnection, request: TestRequest, nowMs: number): Look {
    this.#log.push(`peek ${connection.id}`)
    return this.reactions.peek?.(connection, request, nowMs) ?? 'alive'
  }

  lookUp({ name }: OriginTarget): void {
    this.#log.push(`look up ${name}`)
  }

  silentSince(connection: TestConnection, nowMs: number): number {
    this.#log.push(`ask ${connection.id}`)
    return this.reactions.silentSince?.(connection, nowMs) ?? nowMs
  }
}
