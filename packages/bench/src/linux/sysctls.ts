import { writeFileSync } from 'node:fs'
import { UsageError } from '../cli/usage-error.ts'

/** Names below net.ipv4 that belong to a network namespace. */
const NAME = /^(?:tcp_[a-z0-9_]+|ip_local_port_range)$/u
const VALUE = /^[\d -]+$/u

/** Sysctl below `net.ipv4.` with its new value. */
export interface Sysctl {
  readonly name: string
  readonly value: string
}

/**
 * Reads `tcp_keepalive_time=30`.
 *
 * @throws UsageError for anything else
 */
export function parseSysctl(text: string): Sysctl {
  const [name = '', value = '', ...rest] = text.split('=')
  if (NAME.test(name) && VALUE.test(value) && rest.length === 0) return { name, value }
  throw new UsageError(
    `--sysctl expects tcp_NAME=NUMBER or 'ip_local_port_range=FIRST LAST', got '${text}'`,
  )
}

/** Sets sysctls in this network namespace. */
export function applySysctls(texts: readonly string[]): void {
  for (const { name, value } of texts.map(parseSysctl)) {
    try {
      writeFileSync(`/proc/sys/net/ipv4/${name}`, value)
    } catch (error) {
      throw new UsageError(`--sysctl ${name}: ${error instanceof Error ? error.message : error}`)
    }
  }
}
