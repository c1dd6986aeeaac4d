import { expect, it } from 'vitest'
import type { Answer } from './answer.ts'
import { LastAnswer } from './last-answer.ts'

const RULES = { refreshMs: 30_000, staleMs: 300_000 }
const answerAt = (atMs: number): Answer => ({
  addresses: [{ address: '192.0.2.1', family: 4 }],
  atMs,
})

it('asks where nothing is known, and lets others wait for that', () => {
  const last = new LastAnswer()
  expect(last.judge(RULES, 0)).toBe('ask')
  last.ask(0)
  expect(last.judge(RULES, 0)).toBe('wait')
  last.learn(answerAt(5))
  expect(last.judge(RULES, 5)).toBe('answer')
})

it.each([
  [29_999, 'answer'],
  [30_000, 'ask'],
  [30_001, 'ask'],
])('lets an answer serve for as long as refreshMs says, at %i: %s', (nowMs, verdict) => {
  const last = new LastAnswer()
  last.learn(answerAt(0))
  expect(last.judge(RULES, nowMs)).toBe(verdict)
})

it.each([
  [999, 'error'],
  [1000, 'ask'],
  [1001, 'ask'],
])('lets a failure serve for a second, at %i: %s', (nowMs, verdict) => {
  const last = new LastAnswer()
  last.ask(0)
  last.fail(new Error('no such name'), 0)
  expect(last.judge(RULES, nowMs)).toBe(verdict)
})

it.each([
  [299_999, 'answer'],
  [300_000, 'error'],
  [300_001, 'error'],
])('lets the last answer serve while the resolver fails, at %i: %s', (nowMs, verdict) => {
  const last = new LastAnswer()
  last.learn(answerAt(0))
  last.fail(new Error('no server could be reached'), nowMs)
  expect(last.judge(RULES, nowMs)).toBe(verdict)
})

it('forgets an error with an answer', () => {
  const last = new LastAnswer()
  last.fail(new Error('no such name'), 0)
  last.learn(answerAt(10))
  expect(last.error).toBeUndefined()
  expect(last.judge({ refreshMs: 1, staleMs: 1 }, 11)).toBe('ask')
})

it.each([
  [9999, 'wait'],
  [10_000, 'ask'],
  [10_001, 'ask'],
])('asks again where no answer came for ten seconds, at %i: %s', (nowMs, verdict) => {
  const last = new LastAnswer()
  last.ask(0)
  expect(last.judge(RULES, nowMs)).toBe(verdict)
  expect(last.askedAtMs).toBe(0)
})
