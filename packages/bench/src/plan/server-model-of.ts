import { LINUX_TIME_WAIT_MS } from '@holdfast/core/tcp'
import { type PathMember, PROFILES, type UpstreamProfile } from '@holdfast/core/upstreams'
import type { ServerModel } from './simulation/scenario.ts'

type Member = Exclude<PathMember, string> | UpstreamProfile

const NEVER = Number.POSITIVE_INFINITY

/** Model of a path of checked profiles as one server: the strictest member counts. */
export function serverModelOf(path: readonly PathMember[]): ServerModel {
  const members = path.map(
    (member): Member => (typeof member === 'string' ? PROFILES[member] : member),
  )
  const isSilent = (member: Member): boolean => plainValue(member.closes) === 'silent'
  const idleOf = (member: Member): number => plainValue(member.idleTimeoutMs) ?? NEVER
  const closers = members.filter((member) => !isSilent(member))
  const [first] = closers.toSorted((a, b) => idleOf(a) - idleOf(b))
  const hint = closers.map((member) => plainValue(member.hint))
  return {
    idleTimeoutMs: first === undefined ? NEVER : idleOf(first),
    maxRequests: Math.min(NEVER, ...members.map((each) => plainValue(each.maxRequests) ?? NEVER)),
    // Node's agents ask for it: their requests say `Connection: keep-alive`.
    announces: hint.some((habit) => habit === 'always' || habit === 'on-request'),
    closes: plainValue(first?.closes) === 'reset' ? 'reset' : 'fin',
    forgetsAfterMs: Math.min(NEVER, ...members.filter(isSilent).map(idleOf)),
    timeWaitMs: plainValue(first?.timeWaitMs) ?? LINUX_TIME_WAIT_MS,
  }
}

/** Value of a fact, or the value that stands alone. */
function plainValue<Value extends number | string>(
  given: Value | { readonly value: Value } | undefined,
): Value | undefined {
  return typeof given === 'object' ? given.value : given
}
