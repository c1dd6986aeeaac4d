import { packageVersion } from '../cli/provenance.ts'
import type { Terminal } from '../cli/terminal.ts'
import { wrapped } from '../cli/wrapped.ts'
import { policyCode } from '../forms/policy-code.ts'
import { advise } from './findings/advise.ts'
import { findAll } from './findings/find-all.ts'
import { matchProfiles } from './findings/match-profiles.ts'
import type { Addresses } from './observing/look-up.ts'
import type { Observations } from './observing/observation.ts'
import { ProbeFailure } from './observing/probe-failure.ts'
import { MAX_CONNECTIONS, maxRequestsOf, type ProbeTask, runProbe } from './observing/run-probe.ts'
import { ProbeProgress } from './probe-progress.ts'
import { PROBE_SCHEMA, type ProbeResult } from './probe-result.ts'
import { renderDifferences } from './render-differences.ts'
import { renderProbe } from './render-probe.ts'

/** Most addresses of a name that are probed, or tried. */
export const MAX_ADDRESSES = 16

/** Name to probe: its server, and all of its addresses. */
export interface NameTask extends ProbeTask {
  /** Whether results are written as JSON, one a line. */
  readonly json: boolean
}

/** Probes addresses of a name, and writes what was found. */
export class AddressProber {
  readonly #task: NameTask
  readonly #terminal: Terminal
  readonly #interruption: AbortSignal
  readonly #results: ProbeResult[] = []

  constructor(task: NameTask, terminal: Terminal, interruption: AbortSignal) {
    this.#task = task
    this.#terminal = terminal
    this.#interruption = interruption
  }

  /**
   * Probes the first address that takes a connection.
   *
   * @returns Number of addresses that could not be probed: 0
   * @throws ProbeFailure where none can be probed
   * @throws AbortError where the interruption comes before the first answer
   */
  async probeFirst(): Promise<0> {
    const { addresses } = this.#task
    const [first, ...others] = addresses
    const choice = `; it has ${addresses.length} addresses, --each-address probes each`
    this.#announce('', others.length === 0 ? '' : choice)
    await this.#probe([first, ...others.slice(0, MAX_ADDRESSES - 1)], '')
    return 0
  }

  /**
   * Probes one address after the other. One that cannot be probed is told, and the next one's turn
   * comes.
   *
   * @returns Number of addresses that could not be probed
   * @throws AbortError where the interruption comes before the first answer of all
   */
  async probeEach(): Promise<number> {
    const { addresses, json } = this.#task
    const chosen = addresses.slice(0, MAX_ADDRESSES)
    const first = chosen.length < addresses.length ? `the first ${MAX_ADDRESSES} of ` : ''
    this.#announce(` at ${first}${counted(addresses.length)}, in turn, at each`)
    let failures = 0
    for (const [index, address] of chosen.entries()) {
      if (this.#interruption.aborted) break
      const place = `${address}, ${index + 1} of ${chosen.length}: `
      try {
        await this.#probe([address], place)
      } catch (error) {
        if (error instanceof ProbeFailure) {
          failures += 1
          this.#tell(`${address}: ${error.message}`)
        } else if (!this.#interruption.aborted) throw error
      }
    }
    if (this.#results.length === 0) this.#interruption.throwIfAborted()
    if (this.#results.length > 1 && !json) {
      const { out } = this.#terminal
      out.writeLines(['', ...renderDifferences(this.#results, out.columns)])
    }
    return failures
  }

  async #probe(addresses: Addresses, place: string): Promise<void> {
    const startedAt = new Date().toISOString()
    const observations = await this.#observe(addresses, place)
    this.#write(resultOf(this.#task, startedAt, observations))
  }

  async #observe(addresses: Addresses, place: string): Promise<Observations> {
    const { target, plan } = this.#task
    const progress = new ProbeProgress(this.#terminal.err, plan, place)
    const onCount = (count: number): void => progress.counted(count)
    try {
      return await runProbe({ target, addresses, plan }, onCount, this.#interruption)
    } finally {
      progress.end()
    }
  }

  #write(result: ProbeResult): void {
    const { out } = this.#terminal
    if (this.#task.json) out.write(`${JSON.stringify(result)}\n`)
    else {
      if (this.#results.length > 0) out.writeLines([''])
      out.writeLines(renderProbe(result, out.columns))
    }
    this.#results.push(result)
  }

  #announce(where: string, rest = ''): void {
    const { target, plan } = this.#task
    const { maxWaitMs, maxRequests, requestsPerSecond } = plan
    this.#tell(
      `probing ${target.url}${where}: up to ${MAX_CONNECTIONS} connections, up to ${maxRequestsOf(maxRequests)} ${target.method} requests at ${requestsPerSecond} to ${2 * requestsPerSecond} a second, up to ${maxWaitMs / 1000} s of waiting${rest}`,
    )
  }

  #tell(text: string): void {
    const { err } = this.#terminal
    err.writeLines(wrapped(text, err.columns, '  '))
  }
}

const counted = (addresses: number): string =>
  addresses === 1 ? '1 address' : `${addresses} addresses`

function resultOf(
  { target, addresses, plan }: ProbeTask,
  startedAt: string,
  observations: Observations,
): ProbeResult {
  const findings = findAll(observations)
  const advice = advise(findings, target.authority, `holdfast probe, ${startedAt}`)
  return {
    schema: PROBE_SCHEMA,
    version: packageVersion(),
    startedAt,
    url: target.url,
    addresses,
    method: target.method,
    plan,
    findings,
    matches: matchProfiles(findings),
    policy: advice.policy,
    reasons: advice.reasons,
    warnings: advice.warnings,
    code: policyCode(advice.policy, { isSecure: target.isSecure, reasons: advice.reasons }),
    observations,
  }
}
