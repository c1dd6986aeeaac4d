import type { Run } from '../../bench/bench-result.ts'
import { againOf } from '../../bench/method/participants.ts'

/** Colours for variants in the style sheet; further variants start again. */
export const COLOURS = 6

/** Classes that colour participants: the baseline in ink, its copy muted, the others in turn. */
export function participantMarks({ scenario }: Run): ReadonlyMap<string, string> {
  const { baseline, participants } = scenario
  const others = participants.filter(({ id }) => id !== baseline && id !== againOf(baseline))
  return new Map([
    [baseline, 'baseline'],
    [againOf(baseline), 'noise'],
    ...others.map(({ id }, index): [string, string] => [id, `series-${(index % COLOURS) + 1}`]),
  ])
}
