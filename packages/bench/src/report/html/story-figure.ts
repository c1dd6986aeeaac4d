import type { Run } from '../../bench/bench-result.ts'
import type { Figure } from '../../forms/html/figure.ts'
import { shapesFigure } from '../../forms/html/shapes-figure.ts'

/** Picture of short connections beside long ones; undefined without both. */
export function storyFigure({ timelines, scenario }: Run, prefix: string): Figure | undefined {
  const told = ['short', scenario.baseline].map((name) =>
    timelines.find(({ participant }) => participant === name),
  )
  if (told.includes(undefined)) return
  const histories = told.flatMap((timeline) =>
    timeline === undefined ? [] : [{ name: timeline.participant, samples: timeline.samples }],
  )
  return shapesFigure(histories, {
    id: `${prefix}story`,
    title: 'What short connections leave behind',
    subject: 'variant',
    caption: 'What is closed stays in TIME_WAIT for a minute. Both on one scale.',
  })
}
