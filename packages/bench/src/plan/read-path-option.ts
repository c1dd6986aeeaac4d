import { HoldfastError } from '@holdfast/core'
import {
  type OwnProfile,
  type PathMember,
  PROFILES,
  type ProfileName,
  policyFor,
} from '@holdfast/core/upstreams'
import { didYouMean } from '../cli/nearest.ts'

import { looseValues, parseSettings } from '../cli/spec.ts'
import { UsageError } from '../cli/usage-error.ts'

const MEMBER = /^path\[(\d+)\]/u

/**
 * Reads the members of the path: names of profiles, or own profiles as `key=value,key=value`.
 *
 * @throws UsageError for an unknown name or a wrong value
 */
export function readPathOption(texts: readonly string[]): PathMember[] {
  const path = texts.map((text, index) => memberOf(text, index))
  try {
    // Checks every member and names what is allowed; the result is not needed.
    if (path.length > 0) policyFor(path)
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error
    // Core counts the members of a path; the user wrote names.
    const told = error.message.replace(MEMBER, (_, index: string) => texts[Number(index)] ?? '')
    throw new UsageError(`--profile: ${told}`)
  }
  return path
}

function memberOf(text: string, index: number): PathMember {
  if (!text.includes('=')) return profileCalled(text)
  const own = { name: `own-${index + 1}`, ...looseValues(parseSettings(`--profile ${text}`, text)) }
  return own as unknown as OwnProfile
}

function profileCalled(name: string): ProfileName {
  if (Object.hasOwn(PROFILES, name)) return name as ProfileName
  const names = Object.keys(PROFILES)
  const alike = name === '' ? [] : names.filter((each) => each.startsWith(name))
  const hint =
    alike.length === 0
      ? didYouMean(name, names) || '; holdfast plan --help names them all'
      : `; there are ${alike.join(', ')}`
  throw new UsageError(`--profile: nothing is called '${name}'${hint}`)
}
