import type { PolicyOptions } from '@holdfast/core'
import { printable } from '../cli/printable.ts'
import { wrapped } from '../cli/wrapped.ts'

const COLUMNS = 80
const COMMENT = '    // '

const THOUSANDS = /\B(?=(?:\d{3}){1,7}$)/gu

/** Surroundings of the policy in the code. */
export interface PolicyCodeContext {
  /** Whether it is for HTTPS. */
  readonly isSecure: boolean
  /** Reasons by field. */
  readonly reasons: Readonly<Record<string, readonly string[]>>
}

/** JavaScript of an agent with this policy, with the reason of each field above it. */
export function policyCode(
  policy: PolicyOptions,
  { isSecure, reasons }: PolicyCodeContext,
): string {
  const agent = isSecure ? 'HttpsAgent' : 'HttpAgent'
  const fields = Object.entries(policy).flatMap(([field, value]) => [
    ...(reasons[field] ?? []).flatMap((reason) =>
      wrapped(printable(reason), COLUMNS - COMMENT.length).map((line) => `${COMMENT}${line}`),
    ),
    `    ${field}: ${literal(value)},`,
  ])
  const options = fields.length === 0 ? [] : ['  policy: {', ...fields, '  },']
  return [
    `import { ${agent} } from '@holdfast/http-agent'`,
    '',
    ...(options.length === 0
      ? [`const agent = new ${agent}()`]
      : [`const agent = new ${agent}({`, ...options, '})']),
  ].join('\n')
}

/** Literal as people write it: `2_000`, `'reset'`, `{ delayMs: 30_000, probes: 3 }`. */
function literal(value: unknown): string {
  if (typeof value === 'number') return String(value).replaceAll(THOUSANDS, '_')
  if (typeof value !== 'object' || value === null) return JSON.stringify(value).replaceAll('"', "'")
  const entries = Object.entries(value).map(([field, part]) => `${field}: ${literal(part)}`)
  return `{ ${entries.join(', ')} }`
}
