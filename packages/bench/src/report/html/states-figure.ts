import type { Run } from '../../bench/bench-result.ts'
import type { Figure } from '../../forms/html/figure.ts'
import { stateHistoryFigure } from '../../forms/html/state-history-figure.ts'

/** Chart of the states of every variant's connections over time. */
export function statesFigure({ timelines }: Run, prefix: string): Figure | undefined {
  const histories = timelines.map(({ participant, samples }) => ({ name: participant, samples }))
  return stateHistoryFigure(histories, {
    id: `${prefix}states`,
    title: 'Connections over time, by TCP state',
    subject: 'variant',
    caption:
      'Every connection between a variant and the upstream, as the kernel shows it on either side, all on the same scale. What a variant closes first stays with it in TIME_WAIT for a minute; what the upstream closes first stays there.',
  })
}
