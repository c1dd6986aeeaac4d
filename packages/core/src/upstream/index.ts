/**
 * Profiles of what servers, proxies and middleboxes do to connections, and `policyFor` a path of
 * them.
 *
 * @module @holdfast/core/upstreams
 */

export type { Reason } from './bid.ts'
export {
  deadPeerDetectionMs,
  LINUX_TCP_KEEP_ALIVE_SYSCTLS,
  type TcpKeepAliveSysctls,
} from './dead-peer-detection.ts'
export type { Given, OwnProfile } from './own-profile.ts'
export { type PathPolicy, type PolicyForOptions, policyFor } from './policy-for.ts'
export { PROFILES, type ProfileName } from './profiles.ts'
export type { PathMember } from './read-path.ts'
export {
  type CloseHabit,
  documented,
  type Fact,
  type HintHabit,
  measured,
  type ProfileKind,
  type ProfileRole,
  type UpstreamProfile,
  unverified,
  type Verification,
} from './upstream-profile.ts'
