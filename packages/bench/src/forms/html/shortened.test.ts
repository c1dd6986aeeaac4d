import { expect, it } from 'vitest'
import { shortened } from './shortened.ts'

it.each([
  ['agentkeepalive', 14, 'agentkeepalive'],
  ['agentkeepalive', 8, 'agentke…'],
  ['holdfast:idleTimeoutMs=500', 17, '…dleTimeoutMs=500'],
  ['holdfast:idleTimeoutMs=5000', 17, '…leTimeoutMs=5000'],
])('%s in %i characters is %s', (name, room, text) => {
  expect(shortened(name, room)).toBe(text)
})
