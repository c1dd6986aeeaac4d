import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { ServerTally } from './server-tally.ts'

const socket = (): Socket => new EventEmitter() as Socket

it('counts connections and requests, and how many requests each connection served', () => {
  const tally = new ServerTally()
  const [gone, open, unused] = [socket(), socket(), socket()]
  for (const each of [gone, open, unused]) tally.connected(each)
  expect(tally.requested(gone)).toBe(1)
  expect(tally.requested(gone)).toBe(2)
  gone.emit('close')
  expect(tally.requested(open)).toBe(1)
  unused.emit('close')

  expect(tally).toMatchObject({ requests: 3, connections: 3 })
  expect(tally.uses()).toEqual([
    [0, 1],
    [1, 1],
    [2, 1],
  ])
})

it('adds up connections that served as many', () => {
  const tally = new ServerTally()
  const [a, b] = [socket(), socket()]
  for (const each of [a, b]) {
    tally.connected(each)
    tally.requested(each)
  }
  a.emit('close')
  expect(tally.uses()).toEqual([[1, 2]])
})
