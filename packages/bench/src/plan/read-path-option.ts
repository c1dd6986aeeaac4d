import { HoldfastError, type OwnProfile, type PathMember, policyFor } from '@holdfast/core'
import { UsageError } from '../cli/command-line.ts'
import { parseSettings } from '../cli/spec.ts'

/**
 * Reads what stands between a client and what answers: names of profiles, or profiles of the
 * user's own as `key=value,key=value`. Throws {@link UsageError}.
 */
export function readPathOption(texts: readonly string[]): PathMember[] {
  const path = texts.map((text, index) => memberOf(text, index))
  try {
    // Checks every member, names what is allowed, and decides nothing here.
    if (path.length > 0) policyFor(path)
  } catch (error) {
    throw error instanceof HoldfastError ? new UsageError(`--profile: ${error.message}`) : error
  }
  return path
}

function memberOf(text: string, index: number): PathMember {
  if (!text.includes('=')) return text as PathMember
  const own = { name: `own-${index + 1}`, ...parseSettings(`--profile ${text}`, text) }
  return own as unknown as OwnProfile
}
