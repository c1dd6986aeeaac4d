import http from 'node:http'
import { performance } from 'node:perf_hooks'
import type { ModuleSettings } from '../../src/bench/variants/create-caller.ts'

/** Node's agent, which costs `extraUs` more of CPU time for each request. */
class SlowedAgent extends http.Agent {
  readonly #extraMs: number

  constructor(extraUs: number, maxSockets: number) {
    super({ keepAlive: true, maxSockets, maxFreeSockets: maxSockets })
    this.#extraMs = extraUs / 1000
  }

  override reuseSocket(
    socket: Parameters<http.Agent['reuseSocket']>[0],
    request: http.ClientRequest,
  ): void {
    const untilMs = performance.now() + this.#extraMs
    while (performance.now() < untilMs);
    super.reuseSocket(socket, request)
  }
}

const createAgent = ({ concurrency, options }: ModuleSettings): http.Agent =>
  new SlowedAgent(Number(options['extraUs']), concurrency)

export default createAgent
