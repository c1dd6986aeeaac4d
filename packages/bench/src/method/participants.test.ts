import { expect, it } from 'vitest'
import { participantsOf } from './participants.ts'

it('runs the baseline twice, chosen or not', () => {
  const expected = [
    { id: 'node', variant: 'node' },
    { id: 'node-again', variant: 'node' },
    { id: 'short', variant: 'short' },
  ]
  expect(participantsOf(['short'])).toEqual(expected)
  expect(participantsOf(['node', 'short'])).toEqual(expected)
})

it('runs a variant once, however often it was chosen', () => {
  const ids = participantsOf(['short', 'short', 'agentkeepalive']).map(({ id }) => id)
  expect(ids).toEqual(['node', 'node-again', 'short', 'agentkeepalive'])
})
