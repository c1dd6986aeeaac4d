import type { Run } from '../../bench/bench-result.ts'
import { againOf } from '../../bench/method/participants.ts'

/** The style sheet knows so many colours for variants; after them it begins anew. */
export const COLOURS = 6

/** The classes that colour participants: the baseline in ink, its copy muted, the others in turn. */
export function participantMarks({ scenario }: Run): ReadonlyMap<string, string> {
  const { baseline, participants } = scenario
  const others = participants.filter(({ id }) => id !== baseline && id !== againOf(baseline))
  return new Map([
    [baseline, 'baseline'],
    [againOf(baseline), 'noise'],
    ...others.map(({ id }, index): [string, string] => [id, `series-${(index % COLOURS) + 1}`]),
  ])
}
