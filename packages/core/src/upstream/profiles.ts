import { CLIENT_PROFILES, type ClientName } from './client-profiles.ts'
import {
  KERNEL_PROFILES,
  type KernelName,
  MIDDLEBOX_PROFILES,
  type MiddleboxName,
} from './middlebox-profiles.ts'
import {
  LOAD_BALANCER_PROFILES,
  type LoadBalancerName,
  PROXY_PROFILES,
  type ProxyName,
} from './proxy-profiles.ts'
import { SERVER_PROFILES, type ServerName } from './server-profiles.ts'
import type { ProfilesByName } from './upstream-profile.ts'

/** The name of a built-in profile. */
export type ProfileName =
  | ServerName
  | ProxyName
  | LoadBalancerName
  | MiddleboxName
  | KernelName
  | ClientName

/** Every built-in profile: what servers and middleboxes do with their default settings. */
export const PROFILES: ProfilesByName<ProfileName> = {
  ...SERVER_PROFILES,
  ...PROXY_PROFILES,
  ...LOAD_BALANCER_PROFILES,
  ...MIDDLEBOX_PROFILES,
  ...KERNEL_PROFILES,
  ...CLIENT_PROFILES,
}
