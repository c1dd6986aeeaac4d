import type { Caps, Connection, Effects, Look, OriginTarget } from '../dist/index.js'
import { Pool } from '../dist/index.js'
import { type BenchRequest, requestsTo } from './bench-request.ts'
import { fullPolicy } from './full-policy.ts'

export type BenchConnection = Connection<undefined, BenchRequest>

/** A pool whose dials succeed as soon as one asks for it, and the connection it granted last. */
export class LoadedPool implements Effects<undefined, BenchRequest> {
  readonly pool: Pool<undefined, BenchRequest>
  readonly dials: BenchConnection[] = []
  readonly closes: BenchConnection[] = []
  granted: BenchConnection | undefined = undefined
  grantCount = 0

  constructor(caps: Caps, idleTimeoutMs = 1e9) {
    this.pool = new Pool({
      policy: fullPolicy(idleTimeoutMs),
      caps,
      scheduling: 'lifo',
      effects: this,
      random: () => 0.5,
    })
  }

  /** Makes so many idle connections of each origin. */
  fill(targets: readonly OriginTarget[], countOfEach: number, nowMs: number): void {
    for (const target of targets) {
      for (const request of requestsTo(target, countOfEach)) this.pool.lease(request, nowMs)
      for (const connection of this.dials.splice(0)) this.pool.opened(connection, nowMs)
    }
    for (const { key } of targets) {
      const connections = [...(this.pool.origins.get(key)?.connections ?? [])]
      for (const connection of connections) {
        if (connection.stateName === 'leased') this.pool.release(connection, nowMs)
      }
    }
  }

  dial(connection: BenchConnection): void {
    this.dials.push(connection)
  }

  close(connection: BenchConnection): void {
    this.closes.push(connection)
  }

  linger(connection: BenchConnection): void {
    this.closes.push(connection)
  }

  mayLinger(): boolean {
    return false
  }

  grant(_request: BenchRequest, connection: BenchConnection): void {
    this.granted = connection
    this.grantCount++
  }

  takeBack(): void {
    throw new Error('no connection is lost')
  }

  reject(_request: BenchRequest, error: Error): void {
    throw error
  }

  peek(): Look {
    return 'alive'
  }

  silentSince(_connection: BenchConnection, nowMs: number): number {
    return nowMs
  }
}
