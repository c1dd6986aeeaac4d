import type { Scenario } from '../scenario.ts'

/** A request gets whatever comes first: a connection that is given back, or a dial. */
export const lateBindingScenarios: readonly Scenario[] = [
  {
    name: 'lets a connection that is given back beat the dial, which is then kept',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2                      -> dial 2 for r2
      release 1                     -> grant 1 to r2
      open 2
      state 2                       -> idle
      lease r3                      -> grant 2 to r3
    `,
    expected: { dials: 2, leases: 3 },
  },
  {
    name: 'lets the dial beat the connection in use, which is then kept',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2                      -> dial 2 for r2
      open 2                        -> grant 2 to r2
      release 1
      state 1                       -> idle
    `,
  },
  {
    name: 'gives dials that open out of order to requests in order',
    steps: `
      lease r1..r3                  -> dial 1..3 for r1..r3
      open 3                        -> grant 3 to r1
      open 1                        -> grant 1 to r2
      open 2                        -> grant 2 to r3
    `,
  },
  {
    name: 'hands the dial of whoever was served to whoever lost theirs',
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 2                        -> grant 2 to r1
      fail 1 (refused)              -> reject r2: refused
    `,
  },
  {
    name: 'ends the dial of a request that gave up where nobody waits without one',
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      cancel r1                     -> close 1: aborted
      lease r3                      -> dial 3 for r3
      gone 1
      open 2                        -> grant 2 to r2
    `,
    expected: { closes: { aborted: 1 }, dialFailures: 0, waiting: 1 },
  },
  {
    name: 'keeps the dial of a request that was served otherwise, for the next one',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2                      -> dial 2 for r2
      release 1                     -> grant 1 to r2
      open 2
      state 2                       -> idle
      lease r3                      -> grant 2 to r3
    `,
    expected: { leases: 3, waits: 2, reuses: 1 },
  },
  {
    name: 'lends a dial that nobody needs to the next request, which waits for it',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2                      -> dial 2 for r2
      release 1                     -> grant 1 to r2
      lease r3
      count waiting, queued         -> 1, 0
      open 2                        -> grant 2 to r3
    `,
    expected: { dials: 2 },
  },
  {
    name: 'lends the dials that nobody needs in the order in which they were left',
    steps: `
      warm 1 of a                   -> dial 1 ahead
      lease r1..r3                  -> dial 2..3 for r2..r3
      open 1                        -> grant 1 to r1
      release 1                     -> grant 1 to r2
      release 1                     -> grant 1 to r3
      lease r4..r5
      fail 2 (refused)              -> reject r4: refused
      fail 3 (refused)              -> reject r5: refused
    `,
  },
  {
    name: 'gives the connection of a request that gives it back at once to the next',
    options: { caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2
      when grant 1 to r1, release 1
      open 1                        -> grant 1 to r1, grant 1 to r2
    `,
  },
  {
    name: 'fails one request for each dial that is refused, and nobody else',
    steps: `
      lease r1..r3                  -> dial 1..3 for r1..r3
      fail 2 (ECONNREFUSED)         -> reject r2: ECONNREFUSED
      open 1                        -> grant 1 to r1
      open 3                        -> grant 3 to r3
    `,
    expected: { dialFailures: 1, rejections: 1, closes: { error: 1 } },
  },
  {
    name: 'fails nobody where a dial is refused that nobody needs',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2                      -> dial 2 for r2
      release 1                     -> grant 1 to r2
      fail 2 (ECONNREFUSED)
    `,
    expected: { dialFailures: 1, rejections: 0 },
  },
  {
    name: 'frees the place of a handshake that failed',
    options: { caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2
      fail 1 (bad certificate)      -> reject r1: bad certificate, dial 2 for r2
      open 2                        -> grant 2 to r2
    `,
    expected: { connecting: 0, leased: 1 },
  },
  {
    name: 'leaves the dial of a request that cannot be sent again to that request',
    options: { caps: { maxPerOrigin: 2 } },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2 (POST)               -> dial 2 for r2
      lease r3
      open 1                        -> grant 1 to r1
      release 1                     -> grant 1 to r3
      release 1
      state 1                       -> idle
      open 2                        -> grant 2 to r2
    `,
  },
  {
    name: 'gives such a request its own dial, though another waits longer',
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2 (POST)               -> dial 2 for r2
      open 2                        -> grant 2 to r2
      open 1                        -> grant 1 to r1
    `,
  },
  {
    name: 'leaves the dial of such a request to one that waits without, once it gives up',
    options: { caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1 (POST)               -> dial 1 for r1
      lease r2
      cancel r1
      open 1                        -> grant 1 to r2
    `,
  },
  {
    name: 'leaves the dial of a request that gave up to the next that has none',
    options: { caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2
      cancel r1
      count queued                  -> 0
      fail 1 (refused)              -> reject r2: refused
    `,
  },
  {
    name: 'is over once a dial has opened: it cannot open again, nor fail',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      open 1                        -> throws ERR_HOLDFAST_ILLEGAL_TRANSITION
      fail 1 (refused)              -> throws ERR_HOLDFAST_ILLEGAL_TRANSITION
      state 1                       -> leased
    `,
    expected: { leases: 1, rejections: 0 },
  },
  {
    name: 'lends a dial that nobody needs at once to a request that waits without one',
    options: { caps: { maxPerOrigin: 2 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2                      -> dial 2 for r2
      lease r3
      count waiting, queued         -> 2, 1
      release 1                     -> grant 1 to r2
      count waiting, queued         -> 1, 0
      open 2                        -> grant 2 to r3
    `,
  },
  {
    name: 'leaves nobody the dial of a request that came before and was served',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2..r3                  -> dial 2..3 for r2..r3
      release 1                     -> grant 1 to r2
      open 2                        -> grant 2 to r3
      open 3
      state 3                       -> idle
    `,
    expected: { leased: 2, waiting: 0 },
  },
]
