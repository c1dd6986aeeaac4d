import { UsageError } from '../cli/usage-error.ts'
import type { Arrivals, Spread } from './simulation/distributions.ts'

const LOGNORMAL = /^lognormal:(?<sigma>\d+(?:\.\d+)?)$/u
const BURSTS = /^bursts:(?<size>[1-9]\d{0,5})$/u

/** Highest sigma; beyond it, no simulation reaches the mean of its samples. */
const MAX_SIGMA = 3

/**
 * Reads `constant`, `exponential` or `lognormal:SIGMA`.
 *
 * @throws UsageError for anything else
 */
export function readSpread(name: string, text: string): Spread {
  const spread = spreadOf(text)
  if (spread !== undefined) return spread
  throw new UsageError(
    `--${name} must be constant, exponential or lognormal:SIGMA with SIGMA from 0 to ${MAX_SIGMA}, got '${text}'`,
  )
}

/**
 * Reads a spread, or `bursts:SIZE`.
 *
 * @throws UsageError for anything else
 */
export function readArrivals(name: string, text: string): Arrivals {
  const size = BURSTS.exec(text)?.groups?.['size']
  const arrivals: Arrivals | undefined =
    size === undefined ? spreadOf(text) : { kind: 'bursts', size: Number(size) }
  if (arrivals !== undefined) return arrivals
  throw new UsageError(
    `--${name} must be constant, exponential, lognormal:SIGMA with SIGMA from 0 to ${MAX_SIGMA}, or bursts:SIZE with SIZE from 1 to 999999, got '${text}'`,
  )
}

function spreadOf(text: string): Spread | undefined {
  if (text === 'constant' || text === 'exponential') return { kind: text }
  const sigma = Number(LOGNORMAL.exec(text)?.groups?.['sigma'])
  return sigma <= MAX_SIGMA ? { kind: 'lognormal', sigma } : undefined
}
