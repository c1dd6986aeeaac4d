import {
  CHOICES,
  describeChoices,
  describeGroup,
  describeLimit,
  FLAGS,
  GROUPS,
  type Group,
  type GroupField,
  LIMITS,
} from '../packages/core/src/policies/limits.ts'

interface Field {
  readonly name: string
  readonly type: string
  readonly about: string
  readonly default: string
  readonly allowed: string
}

const formatNumber = (value: number): string =>
  Number.isFinite(value) ? value.toLocaleString('en').replaceAll(',', '_') : String(value)

const GROUP_TYPES: Readonly<Record<GroupField, string>> = {
  tcpKeepAlive: 'Partial<TcpKeepAlive> | false',
  addresses: 'Partial<AddressRules> | false',
}

const membersOf = ({ flags, limits }: Group): string[] => [
  ...Object.entries(limits).map(([key, limit]) => `${key}: ${formatNumber(limit.default)}`),
  ...Object.entries(flags).map(([key, fallback]) => `${key}: ${fallback}`),
]

const fields = (): Field[] => [
  ...Object.entries(LIMITS).map(([name, limit]) => ({
    name,
    type: 'number',
    about: limit.about,
    default: formatNumber(limit.default),
    allowed: describeLimit(limit),
  })),
  ...Object.entries(FLAGS).map(([name, flag]) => ({
    name,
    type: 'boolean',
    about: flag.about,
    default: String(flag.default),
    allowed: 'true or false',
  })),
  ...Object.entries(CHOICES).map(([name, { values, about }]) => ({
    name,
    type: values.map((value) => `'${value}'`).join(' | '),
    about,
    default: `'${values[0]}'`,
    allowed: describeChoices(values),
  })),
  ...Object.entries(GROUPS).map(([name, group]) => ({
    name,
    type: GROUP_TYPES[name as GroupField],
    about: group.about,
    default: `{ ${membersOf(group).join(', ')} }`,
    allowed: describeGroup(group),
  })),
]

/** Breaks a text into lines of a docstring. */
const wrap = (text: string, width: number): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

const member = ({ name, type, about, default: fallback, allowed }: Field): string => {
  const text = [...wrap(about, 93), '', ...wrap(`Default: ${fallback}. Allowed: ${allowed}.`, 93)]
  const comment = text.map((line) => `   * ${line}`.trimEnd()).join('\n')
  return `  /**\n${comment}\n   */\n  readonly ${name}?: ${type}\n`
}

/** The source of the policy's option type. */
export const policyOptionsSource = (): string => `// Generated from limits.ts by pnpm docs.

import type { AddressRules } from '../addresses/address-rules.ts'
import type { TcpKeepAlive } from '../tcp/tcp-keep-alive.ts'

/** When connections are kept, checked, replaced and waited for. Every field may be left out. */
export interface PolicyOptions {
${fields().map(member).join('\n')}}
`

/** The table of options, for docs/options.md. */
export const policyTable = (): string =>
  [
    '| field of `policy` | default | allowed | meaning |',
    '|---|---|---|---|',
    ...fields().map(
      (field) => `| \`${field.name}\` | \`${field.default}\` | ${field.allowed} | ${field.about} |`,
    ),
  ].join('\n')
