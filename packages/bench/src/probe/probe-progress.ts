import { performance } from 'node:perf_hooks'
import type { TerminalStream } from '../cli/terminal.ts'
import type { ProbePlan } from './observing/run-probe.ts'

const REFRESH_MS = 250
const MS_PER_SECOND = 1000

/** Progress of a probe, in one line that changes; silent where nobody watches. */
export class ProbeProgress {
  readonly #stream: TerminalStream
  readonly #plan: ProbePlan
  readonly #place: string
  readonly #startedMs = performance.now()
  readonly #timer: NodeJS.Timeout
  #requests = 0

  /**
   * @param place text before the line, such as the address that is probed; may be empty
   */
  constructor(stream: TerminalStream, plan: ProbePlan, place: string) {
    this.#stream = stream
    this.#plan = plan
    this.#place = place
    this.#timer = setInterval(() => this.#show(), REFRESH_MS)
  }

  counted(requests: number): void {
    this.#requests = requests
  }

  end(): void {
    clearInterval(this.#timer)
    this.#stream.clearLive()
  }

  #show(): void {
    if (!this.#stream.isLive) return
    const { maxWaitMs, maxRequests } = this.#plan
    const waited = ((performance.now() - this.#startedMs) / MS_PER_SECOND).toFixed(0)
    const most = (maxWaitMs / MS_PER_SECOND).toFixed(0)
    this.#stream.showLive(
      `${this.#place}idle for ${waited} of ${most} s; request ${this.#requests} of ${maxRequests}; Ctrl-C shows what is known`,
    )
  }
}
