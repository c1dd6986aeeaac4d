import type { PolicyOptions, ResolvedPolicy } from '@holdfast/core'
import type { KeepAliveSettings } from '../../driver/liveness/tcp-keep-alive.ts'
import type { RequestOptions } from './request-options.ts'

/** The part of an agent that decides about TCP keepalive. */
interface KeepAliveSource {
  readonly keepAlive: boolean
  readonly keepAliveMsecs: number
  readonly options: RequestOptions
}

/**
 * TCP keepalive of an agent's connections, `undefined` for none. The most specific wish counts: a
 * `tcpKeepAlive` that the caller gave; else Node's `keepAliveMsecs`, with Node's meaning, which is the
 * delay alone; else the policy's default. As with Node's agents, without `keepAlive` there is none
 * unless the caller asked for it by name.
 */
export const keepAliveSettingsOf = (
  { keepAlive, keepAliveMsecs, options }: KeepAliveSource,
  policy: ResolvedPolicy,
  given: PolicyOptions['tcpKeepAlive'],
): KeepAliveSettings | undefined => {
  const { tcpKeepAlive } = policy
  if (given === undefined) {
    if (!keepAlive) return undefined
    if (options['keepAliveMsecs'] !== undefined) return { delayMs: keepAliveMsecs }
  }
  return tcpKeepAlive === false ? undefined : tcpKeepAlive
}
