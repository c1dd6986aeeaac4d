import process from 'node:process'
import type { Scenario } from './scenario.ts'
import type { Asked, Stage } from './stage.ts'

type Moment = (stage: Stage, then: () => void) => void

/** When the next request is made, after the first one. */
const MOMENTS: Readonly<Record<string, Moment>> = {
  "from the end of the first one's response": (stage, then) => {
    stage.request('first', {
      onResponse: (response) => response.resume().once('end', then),
    })
  },
  "in the tick after the first one's close": (stage, then) => {
    stage.request('first').once('close', () => process.nextTick(then))
  },
  "in the turn after the first one's close": (stage, then) => {
    stage.request('first').once('close', () => setImmediate(then))
  },
}

const KINDS: Readonly<Record<string, Asked>> = {
  GET: {},
  POST: { method: 'POST' },
}

/** Requests whose answer is there before the loop has turned. */
export const SWIFT_SCENARIOS: readonly Scenario[] = Object.entries(MOMENTS).flatMap(
  ([moment, at]) =>
    Object.entries(KINDS).map(
      ([kind, asked]): Scenario => ({
        name: `${kind}, answered before the loop turns, ${moment}`,
        isSwift: true,
        play: async (stage) => {
          at(stage, () => {
            stage.request('it', {
              ...asked,
              send: (request) => {
                request.end(asked.method === 'POST' ? 'ab' : undefined)
                request.once('socket', (socket) => {
                  // A request is written in the same tick as it gets an open socket.
                  if (!socket.connecting)
                    process.nextTick(() => stage.server.blockUntilAnswered?.(2))
                })
              },
            })
          })
          await stage.until('it close', 'it response close')
        },
      }),
    ),
)
