import type { Look } from '../src/effects.ts'
import type { Scheduling } from '../src/idle/idle-set.ts'
import type { Caps } from '../src/options/caps.ts'
import type { PolicyOptions } from '../src/policies/policy-options.ts'

/** What a history happens to. */
export interface HistoryPlan {
  readonly policy: PolicyOptions
  readonly caps: Caps
  readonly scheduling: Scheduling
  /** How many origins there are. */
  readonly originCount: number
  /** What each look at an idle connection finds, over and over. */
  readonly peeks: readonly Look[]
  readonly mood: Mood
}

/** How often each step is taken where nothing special is the matter. */
const USUAL = {
  lease: 9,
  burst: 1,
  warm: 1,
  open: 11,
  release: 14,
  finish: 8,
  farewell: 3,
  fail: 1,
  lose: 4,
  cancel: 2,
  abort: 1,
  proceed: 6,
  send: 10,
  misreport: 1,
  retire: 1,
  detach: 1,
  misuse: 1,
  applyHint: 5,
  wait: 4,
  block: 1,
  advance: 4,
  advanceToDeadline: 2,
  almostToDeadline: 1,
} as const

export type HistoryStep = keyof typeof USUAL | 'changeCaps' | 'destroy' | 'drain'

type Frequencies = Readonly<Partial<Record<HistoryStep, number>>>

/** Each step as often as it is taken. */
const listed = (frequencies: Frequencies): HistoryStep[] =>
  Object.entries(frequencies).flatMap(([name, times]) =>
    Array.from<HistoryStep>({ length: times }).fill(name as HistoryStep),
  )

const STEPS = {
  /** Most requests find a connection. */
  calm: listed(USUAL),
  /** The same, and none but the pool itself ends a connection. */
  gentle: listed({ ...USUAL, burst: 2, lose: 0, retire: 0, detach: 0, misuse: 0, applyHint: 0 }),
  /** Most requests wait. */
  crowded: listed({ ...USUAL, lease: 22, burst: 2 }),
  /** The caps change now and then, and the pool is destroyed. */
  fickle: listed({ ...USUAL, lease: 16, changeCaps: 4, destroy: 1 }),
  /** Everything is done for once. */
  ending: [...listed(USUAL), ...listed(USUAL), ...listed(USUAL), 'drain', 'destroy'],
} as const satisfies Readonly<Record<string, readonly HistoryStep[]>>

export type Mood = keyof typeof STEPS

export const MOODS: readonly Mood[] = ['calm', 'calm', 'gentle', 'crowded', 'fickle', 'ending']

/** What a step chooses from: which origin, which connection, how long. */
const CHOICES = 64

/** Steps are numbers below this one, so that any number tells a step, and 0 the plainest. */
export const STEP_COUNT: number = 512 * CHOICES

export const decodeStep = (mood: Mood, code: number): [name: HistoryStep, choice: number] => {
  const names = STEPS[mood]
  const name = names[Math.floor(code / CHOICES) % names.length] ?? 'lease'
  return [name, code % CHOICES]
}
