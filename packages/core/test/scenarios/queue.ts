import type { Scenario } from '../scenario.ts'

const caps = { maxPerOrigin: 1 } as const

/** Requests that wait: in which order, for how long, how many. */
export const queueScenarios: readonly Scenario[] = [
  {
    name: 'is served in the order in which it came',
    options: { caps },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2..r4
      open 1                        -> grant 1 to r1
      release 1                     -> grant 1 to r2
      release 1                     -> grant 1 to r3
      release 1                     -> grant 1 to r4
    `,
    expected: { reuses: 3, waiting: 0 },
  },
  {
    name: 'is left by a request that is cancelled, without anybody noticing',
    options: { caps },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2..r4
      cancel r3
      release 1                     -> grant 1 to r2
      release 1                     -> grant 1 to r4
    `,
    expected: { rejections: 0 },
  },
  {
    name: 'gets at once what a request gives back that gave up as it was served',
    options: { caps },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2..r3
      when grant 1 to r2, release 1
      release 1                     -> grant 1 to r2, grant 1 to r3
      cancel r2
      release 1
      state 1                       -> idle
    `,
  },
  {
    name: 'survives a storm of requests that give up',
    options: { caps },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2..r500
      cancel r2..r500
      lease last
      release 1                     -> grant 1 to last
    `,
    expected: { waiting: 0, leased: 1, waits: 501 },
  },
  {
    name: 'survives a storm of cancelled dials',
    options: { caps },
    steps: `
      lease r1                      -> dial 1 for r1
      cancel r1                     -> close 1: aborted
      lease r2..r100
      cancel r2..r100
      lease last
      gone 1                        -> dial 2 for last
      open 2                        -> grant 2 to last
    `,
    expected: { dials: 2, dialFailures: 0, closes: { aborted: 1 } },
  },
  {
    name: 'may be left twice',
    options: { caps },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2
      cancel r2, r2
      open 1                        -> grant 1 to r1
      cancel r1
      release 1
    `,
    expected: { waiting: 0, idle: 1 },
  },
  {
    name: 'may be left by whoever has left it in another way',
    options: { policy: { acquireTimeoutMs: 100 } },
    steps: `
      lease r1..r4                  -> dial 1..4 for r1..r4
      open 1                        -> grant 1 to r1
      fail 2 (refused)              -> reject r2: refused
      cancel r3                     -> close 3: aborted
      at 100                        -> reject r4: ERR_HOLDFAST_ACQUIRE_TIMEOUT, close 4: aborted
      cancel r1..r4
      state r1, r2, r3, r4          -> granted, rejected, aborted, rejected
    `,
    expected: { leased: 1, closing: 2, rejections: 2, waiting: 0 },
  },
  {
    name: 'refuses whom it has no room for, and tells why',
    options: { caps, policy: { maxQueuedRequests: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2
      lease r3                      -> reject r3: ERR_HOLDFAST_QUEUE_FULL
      error r3                      -> the queue of a is at its limit of 1 (connecting 1, idle 0, leased 0, closing 0, queued 1)
      events                        -> dialing 1, queued 1, rejected ERR_HOLDFAST_QUEUE_FULL
    `,
    expected: { waits: 2, rejections: 1 },
  },
  {
    name: 'has room again once somebody was served',
    options: { caps, policy: { maxQueuedRequests: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2
      open 1                        -> grant 1 to r1
      release 1                     -> grant 1 to r2
      lease r3
      lease r4                      -> reject r4: ERR_HOLDFAST_QUEUE_FULL
    `,
  },
  {
    name: 'of no length still admits whom a dial is begun for',
    options: { policy: { maxQueuedRequests: 0 }, caps: { maxPerOrigin: 2 } },
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      lease r3                      -> reject r3: ERR_HOLDFAST_QUEUE_FULL
      cancel r1                     -> close 1: aborted
      lease r4                      -> reject r4: ERR_HOLDFAST_QUEUE_FULL
      gone 1
      lease r5                      -> dial 3 for r5
      open 2                        -> grant 2 to r2
      open 3                        -> grant 3 to r5
    `,
  },
  {
    name: 'of no length still admits whom an eviction makes way for, one at a time',
    options: { policy: { maxQueuedRequests: 0 }, caps: { maxTotal: 2 } },
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      release 1..2
      lease r3 of b                 -> close 1: evicted
      lease r4 of b                 -> reject r4: ERR_HOLDFAST_QUEUE_FULL
      gone 1                        -> dial 3 for r3
    `,
  },
  {
    name: 'is left after so long, though the dial hangs in a black hole',
    options: { caps, policy: { acquireTimeoutMs: 3000 } },
    steps: `
      lease r1                      -> dial 1 for r1
      deadline                      -> 3000
      at 2999
      at 3000                       -> reject r1: ERR_HOLDFAST_ACQUIRE_TIMEOUT, close 1: aborted
      error r1                      -> no connection to a within 3000 ms (connecting 1, idle 0, leased 0, closing 0, queued 0)
      fail 1 (ETIMEDOUT)
    `,
    expected: { rejections: 1, dialFailures: 0, closes: { aborted: 1 } },
  },
  {
    name: 'is left by those only whose time is up, the oldest first',
    options: { caps, policy: { acquireTimeoutMs: 100 } },
    steps: `
      lease r1                      -> dial 1 for r1
      at 10
      lease r2 of b                 -> dial 2 for r2
      at 20
      lease r3
      deadline                      -> 100
      at 110                        -> reject r1: ERR_HOLDFAST_ACQUIRE_TIMEOUT, reject r2: ERR_HOLDFAST_ACQUIRE_TIMEOUT, close 2: aborted
      deadline                      -> 120
      open 1                        -> grant 1 to r3
    `,
  },
  {
    name: 'that a late timer should have emptied serves whoever still waits',
    options: { caps, policy: { acquireTimeoutMs: 100 } },
    steps: `
      lease r1                      -> dial 1 for r1
      busy until 500
      open 1                        -> grant 1 to r1
      at 500
    `,
    expected: { rejections: 0, leased: 1 },
  },
  {
    name: 'of one origin is never served by a connection of another',
    steps: `
      lease r1 of example.com:443:cert-1     -> dial 1 for r1
      open 1                                 -> grant 1 to r1
      release 1
      lease r2 of example.com:443:cert-2     -> dial 2 for r2
      lease r3 of example.com:443:cert-1     -> grant 1 to r3
      open 2                                 -> grant 2 to r2
    `,
    expected: { reuses: 1 },
  },
]
