import type { PathPolicy } from '@holdfast/core'
import { printable } from '../cli/printable.ts'
import type { Advice, AdvisedField } from './findings/advise.ts'
import type { Target } from './target.ts'

const THOUSANDS = /\B(?=(?:\d{3}){1,7}$)/gu

/** The advised policy as JavaScript, with the reason of each field above it. */
export function policyCode({ policy, reasons }: Advice, { isSecure }: Target): string {
  const agent = isSecure ? 'HttpsAgent' : 'HttpAgent'
  const fields = Object.entries(policy).flatMap(([field, value]) => [
    ...reasons[field as AdvisedField].map((reason) => `    // ${printable(reason)}`),
    `    ${field}: ${literal(value)},`,
  ])
  return [
    `import { ${agent} } from '@holdfast/http-agent'`,
    '',
    `const agent = new ${agent}({`,
    '  policy: {',
    ...fields,
    '  },',
    '})',
  ].join('\n')
}

/** As people write it: `2_000`, `{ delayMs: 30_000, probes: 3 }`. */
function literal(value: PathPolicy['policy'][AdvisedField]): string {
  if (typeof value === 'number') return String(value).replaceAll(THOUSANDS, '_')
  const entries = Object.entries(value).map(([field, part]) => `${field}: ${literal(part)}`)
  return `{ ${entries.join(', ')} }`
}
