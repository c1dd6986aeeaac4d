import { InvalidOptionError } from '../errors.ts'
import type { OwnProfile } from './own-profile.ts'
import { PROFILES, type ProfileName } from './profiles.ts'
import { readOwnProfile } from './read-own-profile.ts'
import type { UpstreamProfile } from './upstream-profile.ts'

/** A member of a path: the name of a built-in profile, or an own profile. */
export type PathMember = ProfileName | OwnProfile

const readMember = (key: string, member: unknown): UpstreamProfile => {
  if (typeof member !== 'string') return readOwnProfile(key, member)
  if (Object.hasOwn(PROFILES, member)) return PROFILES[member as ProfileName]
  throw new InvalidOptionError(key, member, `one of ${Object.keys(PROFILES).join(', ')}`)
}

/**
 * Checks a path, and finds its profiles.
 *
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`) for an empty path, an unknown name or
 * a member that is no profile.
 */
export const readPath = (path: unknown): readonly UpstreamProfile[] => {
  if (!Array.isArray(path) || path.length === 0) {
    throw new InvalidOptionError('path', path, 'an array of at least one profile')
  }
  return Array.from(path, (member: unknown, index) => readMember(`path[${index}]`, member))
}
