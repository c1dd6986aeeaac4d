import { InvalidOptionError } from '../errors.ts'
import type { OwnProfile } from './own-profile.ts'
import { PROFILES, type ProfileName } from './profiles.ts'
import { readOwnProfile } from './read-own-profile.ts'
import type { UpstreamProfile } from './upstream-profile.ts'

/** What stands on a path: a profile that Holdfast brings, by its name, or the caller's own. */
export type PathMember = ProfileName | OwnProfile

const readMember = (key: string, member: unknown): UpstreamProfile => {
  if (typeof member !== 'string') return readOwnProfile(key, member)
  if (Object.hasOwn(PROFILES, member)) return PROFILES[member as ProfileName]
  throw new InvalidOptionError(key, member, `one of ${Object.keys(PROFILES).join(', ')}`)
}

/**
 * The profiles along a path, checked.
 *
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`) for an empty path, an unknown name or
 * a profile that is none.
 */
export const readPath = (path: unknown): readonly UpstreamProfile[] => {
  if (!Array.isArray(path) || path.length === 0) {
    throw new InvalidOptionError('path', path, 'an array of at least one profile')
  }
  return Array.from(path, (member: unknown, index) => readMember(`path[${index}]`, member))
}
