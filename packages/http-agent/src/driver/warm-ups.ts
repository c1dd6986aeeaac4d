import type { Connection, ConnectionOrigin } from '@holdfast/core'

/** Outcome of dialling ahead. */
export interface WarmResult {
  /** Connections to the server that are idle now. Some may be in use already, or the caps be reached. */
  readonly idleCount: number
  /** Dials that failed; the first failure ends those that have not begun. */
  readonly failedCount: number
  /** The error of the first of them. */
  readonly error: Error | undefined
}

/** An origin whose dials a call of `warm` waits for. */
interface WarmUp {
  failedCount: number
  error: Error | undefined
  readonly finish: ((result: WarmResult) => void)[]
}

/** Waits for dials that no request waits for, on behalf of the callers of `warm`. */
export class WarmUps<Transport, Request> {
  readonly #origins: ReadonlyMap<string, ConnectionOrigin<Transport, Request>>
  /** By origin; bounded by the calls that wait. */
  readonly #warmUps: Map<string, WarmUp> = new Map()

  constructor(origins: ReadonlyMap<string, ConnectionOrigin<Transport, Request>>) {
    this.#origins = origins
  }

  /** Whether a call waits for dials of this origin. */
  isAwaited(originKey: string): boolean {
    return this.#warmUps.has(originKey)
  }

  /** @param dial Begins the dials; an error that it throws rejects the promise. */
  async run(originKey: string, dial: () => void): Promise<WarmResult> {
    const finished = new Promise<WarmResult>((resolve) => {
      const warmUp = this.#warmUps.get(originKey) ?? {
        failedCount: 0,
        error: undefined,
        finish: [],
      }
      warmUp.finish.push(resolve)
      this.#warmUps.set(originKey, warmUp)
    })
    try {
      dial()
    } catch (error) {
      this.check(originKey)
      throw error
    }
    this.check(originKey)
    return await finished
  }

  /** A dial comes to nothing; to be called while it still counts as connecting. */
  failed({ origin, waiter }: Connection<Transport, Request>, error: Error): void {
    const warmUp = this.#warmUps.get(origin.key)
    if (warmUp === undefined || waiter !== undefined) return
    warmUp.failedCount++
    warmUp.error ??= error
  }

  /** To be called when a dial of the origin has ended. */
  check(originKey: string): void {
    const warmUp = this.#warmUps.get(originKey)
    if (warmUp === undefined) return
    const origin = this.#origins.get(originKey)
    if (origin !== undefined && (origin.spareDials.size > 0 || origin.warmDialsLeft > 0)) return
    this.#warmUps.delete(originKey)
    const { failedCount, error, finish } = warmUp
    const result: WarmResult = { idleCount: origin?.idleCount ?? 0, failedCount, error }
    for (const resolve of finish) resolve(result)
  }
}
