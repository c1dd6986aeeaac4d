import { isIP } from 'node:net'
import type { Answer, ResolvedAddress } from '@holdfast/core'

/** How much of an answer is read. */
export const MAX_ANSWER_LENGTH = 1024

const addressOf = (entry: unknown): unknown =>
  typeof entry === 'object' && entry !== null && 'address' in entry ? entry.address : entry

/**
 * What a resolver has answered: each valid address once, in its order. What is no address is left out,
 * and what is left of a very long answer is not read.
 *
 * @returns The error that the name cannot be dialled with, where there is no address at all.
 */
export const readAnswer = (answered: unknown, host: string, atMs: number): Answer | Error => {
  const entries: readonly unknown[] = Array.isArray(answered) ? answered : [answered]
  const addresses = new Map<string, ResolvedAddress>()
  for (const entry of entries.slice(0, MAX_ANSWER_LENGTH)) {
    const address = addressOf(entry)
    const family = typeof address === 'string' ? isIP(address) : 0
    if (family === 4 || family === 6) {
      addresses.set(address as string, { address: address as string, family })
    }
  }
  if (addresses.size > 0) return { addresses: [...addresses.values()], atMs }
  return entries.length === 0 ? emptyAnswer(host) : noAddress(addressOf(entries[0]))
}

const emptyAnswer = (hostname: string): Error =>
  Object.assign(
    new Error(`lookup ENOTFOUND ${hostname}: the resolver answered without an address`),
    {
      code: 'ENOTFOUND',
      syscall: 'lookup',
      hostname,
    },
  )

/** As Node's own. */
const noAddress = (address: unknown): Error =>
  Object.assign(new TypeError(`Invalid IP address: ${String(address).slice(0, 100)}`), {
    code: 'ERR_INVALID_IP_ADDRESS',
  })
