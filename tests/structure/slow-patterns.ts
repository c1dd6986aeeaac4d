import { checkSync } from 'recheck'
import { type Pattern, patternsIn } from './patterns.ts'
import type { Source } from './read-sources.ts'

/** No verdict depends on how fast the machine is, nor on chance: its random numbers are the same each time. */
const PARAMETERS = { timeout: null, randomSeed: 1 } as const

const complaintOf = ({ path, source, flags }: Pattern): string | undefined => {
  const verdict = checkSync(source, flags, PARAMETERS)
  if (verdict.status === 'safe') return undefined
  const why = verdict.status === 'vulnerable' ? verdict.complexity.type : verdict.error.kind
  return `${path}: /${source}/${flags} (${why})`
}

/**
 * Regular expressions that take more than linear time on some text, which is what nested quantifiers
 * lead to, and adjacent ones that take the same characters. What a peer sends must not choose how long
 * it is read.
 */
export const slowPatterns = (sources: readonly Source[]): readonly string[] =>
  sources.flatMap(patternsIn).flatMap((pattern) => complaintOf(pattern) ?? [])
