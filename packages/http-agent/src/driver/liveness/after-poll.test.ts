import { stat } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { realTime } from '../real-time.ts'
import { afterPoll } from './after-poll.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const untilTurns = (count: number): Promise<void> =>
  new Promise((resolve) => {
    const turn = (left: number): void => {
      if (left === 0) resolve()
      else setImmediate(turn, left - 1)
    }
    turn(count)
  })

describe('a call after the loop has read once more', () => {
  it('comes in the turn after the present one', async () => {
    const order: string[] = []
    await new Promise<void>((resolve) => {
      // Where the loop reads, its turn ends before it reads again.
      stat('/', () => {
        afterPoll(() => order.push('call'))
        setImmediate(() => {
          order.push('end of the turn')
          setImmediate(() => {
            order.push('end of the next one')
            resolve()
          })
        })
      })
    })
    expect(order).toEqual(['end of the turn', 'call', 'end of the next one'])
  })

  it('comes as late where others are due before', async () => {
    const order: string[] = []
    afterPoll(() => order.push('first'))
    setImmediate(() => {
      afterPoll(() => order.push('second'))
      setImmediate(() => order.push('turn'))
    })
    await untilTurns(4)
    expect(order).toEqual(['first', 'turn', 'second'])
  })

  it('comes although another one throws', async () => {
    const thrown = vi.spyOn(realTime, 'queueMicrotask').mockReturnValue(undefined)
    const call = vi.fn()
    afterPoll(() => {
      throw new Error('of a listener')
    })
    afterPoll(call)
    await untilTurns(3)
    expect(call).toHaveBeenCalledOnce()
    expect(thrown).toHaveBeenCalledOnce()
  })
})
