import type { Run } from '../../bench/bench-result.ts'
import type { Figure } from '../../forms/html/figure.ts'
import { shapesFigure } from '../../forms/html/shapes-figure.ts'

/** Short connections beside long ones, as they pile up and as they do not; undefined without both. */
export function storyFigure({ portraits, scenario }: Run, prefix: string): Figure | undefined {
  const told = ['short', scenario.baseline].map((name) =>
    portraits.find(({ participant }) => participant === name),
  )
  if (told.includes(undefined)) return
  const histories = told.flatMap((portrait) =>
    portrait === undefined ? [] : [{ name: portrait.participant, samples: portrait.samples }],
  )
  return shapesFigure(histories, {
    id: `${prefix}story`,
    title: 'What short connections leave behind',
    subject: 'variant',
    caption: 'What is closed stays in TIME_WAIT for a minute. Both on one scale.',
  })
}
