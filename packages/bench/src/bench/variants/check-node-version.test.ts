import { expect, it } from 'vitest'
import { checkNodeVersion } from './check-node-version.ts'

it.each(['22.19.0', '22.20.1', '23.0.0', '100.0.0'])('takes Node %s for 22.19', (running) => {
  expect(() => checkNodeVersion('undici 8', [22, 19], running)).not.toThrow()
})

it.each(['22.18.9', '20.20.2', '9.99.0'])('refuses Node %s for 22.19', (running) => {
  expect(() => checkNodeVersion('undici 8', [22, 19], running)).toThrow(
    `undici 8 needs Node 22.19 or newer; this is Node ${running}`,
  )
})
