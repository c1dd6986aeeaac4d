import type { Scenario } from '../scenario.ts'

const policy = { binding: 'early' } as const

/** A request gets the connection that was dialled for it; who has no dial gets whatever comes first. */
export const earlyBindingScenarios: readonly Scenario[] = [
  {
    name: 'gives each dial to the request that it was begun for',
    options: { policy },
    steps: `
      lease r1..r3                  -> dial 1..3 for r1..r3
      open 3                        -> grant 3 to r3
      open 1                        -> grant 1 to r1
      open 2                        -> grant 2 to r2
    `,
    expected: { dials: 3, leases: 3, waits: 3 },
  },
  {
    name: 'lets a connection be idle though a request waits for its dial',
    options: { policy },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2                      -> dial 2 for r2
      release 1
      state 1                       -> idle
      lease r3                      -> grant 1 to r3
      open 2                        -> grant 2 to r2
    `,
    expected: { dials: 2, reuses: 1 },
  },
  {
    name: 'gives what is given back to those only that have no dial, in their order',
    options: { policy, caps: { maxPerOrigin: 2 } },
    steps: `
      lease r1..r4                  -> dial 1..2 for r1..r2
      open 1                        -> grant 1 to r1
      release 1                     -> grant 1 to r3
      release 1                     -> grant 1 to r4
      release 1
      state 1                       -> idle
      open 2                        -> grant 2 to r2
    `,
  },
  {
    name: 'fails the request whose dial is refused, and dials for the next',
    options: { policy, caps: { maxPerOrigin: 2 } },
    steps: `
      lease r1..r3                  -> dial 1..2 for r1..r2
      fail 2 (ECONNREFUSED)         -> reject r2: ECONNREFUSED, dial 3 for r3
      open 1                        -> grant 1 to r1
      open 3                        -> grant 3 to r3
    `,
    expected: { dialFailures: 1, rejections: 1 },
  },
  {
    name: 'ends the dial of a request that gives up, also where others wait for a place',
    options: { policy, caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2
      cancel r1                     -> close 1: aborted
      cancel r1
      count waiting, queued         -> 1, 1
      gone 1                        -> dial 2 for r2
      open 2                        -> grant 2 to r2
    `,
    expected: { dials: 2, dialFailures: 0, rejections: 0, closes: { aborted: 1 } },
  },
  {
    name: 'survives a storm of requests that give up before their dials are done',
    options: { policy, caps: { maxPerOrigin: 2 } },
    steps: `
      lease r1..r100                -> dial 1..2 for r1..r2
      cancel r1..r100               -> close 1..2: aborted
      lease r101..r102
      gone 1                        -> dial 3 for r101
      gone 2                        -> dial 4 for r102
      open 3..4                     -> grant 3..4 to r101..r102
    `,
    expected: { dials: 4, waiting: 0, dialFailures: 0 },
  },
  {
    name: 'tells a request that its time is up before it ends its dial',
    options: { policy: { ...policy, acquireTimeoutMs: 3000 }, caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      at 1000
      lease r2
      at 2999
      at 3000                       -> reject r1: ERR_HOLDFAST_ACQUIRE_TIMEOUT, close 1: aborted
      gone 1                        -> dial 2 for r2
      at 4000                       -> reject r2: ERR_HOLDFAST_ACQUIRE_TIMEOUT, close 2: aborted
      gone 2
      origins
    `,
  },
  {
    name: 'lets a request have a dial for warmth, and nobody else from then on',
    options: { policy },
    steps: `
      warm 1                        -> dial 1 ahead
      lease r1
      lease r2                      -> dial 2 for r2
      open 2                        -> grant 2 to r2
      open 1                        -> grant 1 to r1
    `,
    expected: { dials: 2 },
  },
  {
    name: 'looks at what is given back before somebody gets it who waits without a dial',
    options: { policy: { ...policy, staleCheck: 'peek' }, caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2..r3
      peek finds unsure at 1
      release 1                     -> peek 1, grant 1 to r2 unsure
      peek finds peer_fin at 1
      release 1                     -> peek 1, close 1: peer_fin
      gone 1                        -> dial 2 for r3
    `,
    expected: { closes: { peer_fin: 1 } },
  },
]
