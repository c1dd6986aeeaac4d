import assert from 'node:assert/strict'
import type { FakeClock } from './fake-clock.ts'
import { leaveTurn } from './turn.ts'

/** What the tests set `responseTimeoutMs` to. */
export const TIMEOUT_MS = 80

/** How often the pool looks then: what it has seen of progress, it has seen at a look. */
const LOOK_MS = TIMEOUT_MS / 8

/** Lets so much time pass, a look at a time, once all is read that is on its way. */
export const passSilence = async (clock: FakeClock, ms: number): Promise<void> => {
  await leaveTurn()
  for (let passedMs = 0; passedMs < ms; passedMs += LOOK_MS) {
    await clock.pass(Math.min(LOOK_MS, ms - passedMs))
  }
}

/** Lets time pass until the promise is kept or broken, and says how much that was. */
export const passUntilSettled = async (
  clock: FakeClock,
  promise: Promise<unknown>,
): Promise<number> => {
  let passedMs = 0
  while (await isPending(promise)) {
    await clock.pass(LOOK_MS)
    passedMs += LOOK_MS
  }
  return passedMs
}

/** The same where the promise is to be broken; by what, it also says. */
export const silenceUntilBroken = async (
  clock: FakeClock,
  promise: Promise<unknown>,
): Promise<{ readonly passedMs: number; readonly error: Error }> => {
  const passedMs = await passUntilSettled(clock, promise)
  const error = await promise.then(
    () => assert.fail('nothing failed'),
    (reason: Error) => reason,
  )
  return { passedMs, error }
}

/** Whether the promise is neither kept nor broken, now that all is read that is on its way. */
export const isPending = async (promise: Promise<unknown>): Promise<boolean> => {
  let isOpen = true
  const settle = (): void => {
    isOpen = false
  }
  promise.then(settle, settle)
  await leaveTurn()
  return isOpen
}
