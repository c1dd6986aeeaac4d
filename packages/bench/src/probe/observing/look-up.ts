import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Target } from '../target.ts'
import { connectFailure, ProbeFailure } from './probe-failure.ts'

/** Most entries of an answer that are read. */
const MOST_READ = 1024

/** IP addresses of a name: at least one, each once, in the resolver's order. */
export type Addresses = readonly [string, ...string[]]

/**
 * Looks the target's name up. An IP address is its own answer.
 *
 * @throws ProbeFailure where the name has no address, or no answer comes in time
 * @throws AbortError upon the interruption
 */
export async function lookUp(target: Target, interruption: AbortSignal): Promise<Addresses> {
  const answered = new AbortController()
  const signal = AbortSignal.any([interruption, answered.signal])
  try {
    const [first, ...others] = await Promise.race([resolve(target), refuseLate(target, signal)])
    if (first === undefined) {
      throw new ProbeFailure(`there is no address for the name ${target.hostname}`)
    }
    return [first, ...others]
  } finally {
    answered.abort()
  }
}

async function resolve(target: Target): Promise<readonly string[]> {
  try {
    const answer = await lookup(target.hostname, { all: true })
    const read = answer.slice(0, MOST_READ).map(({ address }) => address)
    return [...new Set(read)].filter((address) => isIP(address) !== 0)
  } catch (error) {
    throw connectFailure(target, error)
  }
}

async function refuseLate({ hostname, timeoutMs }: Target, signal: AbortSignal): Promise<never> {
  await sleep(timeoutMs, undefined, { signal })
  throw new ProbeFailure(`the name ${hostname} was not looked up within ${timeoutMs / 1000} s`)
}
