/* What a pool and its reference are told, by both of their drivers alike. */
import type { Look } from '../src/effects.ts'

/** For how long connections in use have heard nothing, when they are asked. */
const SILENCES_MS = [0, 0, 30, 0, 400, 0, 5000] as const

/** Numbers in [0, 1), such that what follows from them is exact. */
export const births = (): (() => number) => {
  let count = 0
  return () => ((++count * 11) % 64) / 64
}

/** Each in turn, over and over. */
export const inTurn = (looks: readonly Look[]): (() => Look) => {
  let count = 0
  return () => looks[count++ % looks.length] ?? 'alive'
}

/** Some servers want no connection kept. */
export const mayKeep = ({ id }: { readonly id: number }): boolean => id % 5 !== 0

/** Some peers do not know that they have answered the last request. */
export const mayLinger = ({ id }: { readonly id: number }): boolean => id % 3 !== 0

export const silentSince = ({ id }: { readonly id: number }, nowMs: number): number =>
  nowMs - (SILENCES_MS[(id * 3 + Math.floor(nowMs)) % SILENCES_MS.length] ?? 0)
