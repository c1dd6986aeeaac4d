import type { Transitions } from '../packages/core/src/structures/link-states.ts'

/** A table of legal moves, and what its states mean. */
export interface StateTable<Name extends string, Event extends string> {
  readonly transitions: Transitions<Name, Event>
  readonly events: readonly Event[]
  /** What each state means, in the order of the table. */
  readonly meanings: Readonly<Record<Name, string>>
}

/** A table as a diagram, as a list of what its states mean, and as a table of states and events. */
export const statesDocument = <Name extends string, Event extends string>({
  events,
  meanings,
  transitions,
}: StateTable<Name, Event>): string => {
  const names = Object.keys(transitions) as Name[]
  const isEnd = (name: Name): boolean => Object.keys(transitions[name]).length === 0
  const edges = names.flatMap((from) =>
    events.flatMap((event) => {
      const to = transitions[from][event]
      return to === undefined ? [] : [`    ${from} --> ${to}: ${event}`]
    }),
  )
  const rows = names.map(
    (from) =>
      `| **${from}** | ${events.map((event) => transitions[from][event] ?? '–').join(' | ')} |`,
  )
  return `\`\`\`mermaid
stateDiagram-v2
    [*] --> ${names[0]}
${edges.join('\n')}
${names
  .filter(isEnd)
  .map((name) => `    ${name} --> [*]`)
  .join('\n')}
\`\`\`

| state | meaning |
|---|---|
${names.map((name) => `| ${name} | ${meanings[name]} |`).join('\n')}

| state \\ event | ${events.join(' | ')} |
|---|${events.map(() => '---|').join('')}
${rows.join('\n')}
`
}
