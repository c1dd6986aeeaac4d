import { expect, it } from 'vitest'
import type { Variant } from '../variants/variant.ts'
import { participantsOf } from './participants.ts'

const variant = (name: string): Variant => ({ name, client: name, options: {} })
const NODE = variant('node')

it('runs the baseline twice, chosen or not', () => {
  const expected = [
    { id: 'node', variant: NODE },
    { id: 'node-again', variant: NODE },
    { id: 'short', variant: variant('short') },
  ]
  expect(participantsOf(NODE, [variant('short')])).toEqual(expected)
  expect(participantsOf(NODE, [NODE, variant('short')])).toEqual(expected)
})

it('runs a variant once, however often it was chosen', () => {
  const variants = ['short', 'short', 'agentkeepalive'].map(variant)
  const ids = participantsOf(NODE, variants).map(({ id }) => id)
  expect(ids).toEqual(['node', 'node-again', 'short', 'agentkeepalive'])
})
