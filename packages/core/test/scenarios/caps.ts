import type { Scenario } from '../scenario.ts'

/** How many connections there may be, and who makes way for whom. */
export const capScenarios: readonly Scenario[] = [
  {
    name: 'of an origin count a connection until its descriptor is gone',
    options: { caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      retire 1 (response_close)
      release 1                     -> close 1: response_close
      lease r2
      gone 1                        -> dial 2 for r2
    `,
  },
  {
    name: 'of an origin, or of its dials, concern no other',
    options: { caps: { maxPerOrigin: 1 }, policy: { maxConnectingPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2 of b                 -> dial 2 for r2
      lease r3
    `,
    expected: { connecting: 2, waiting: 3, queued: 1 },
  },
  {
    name: 'of dials hold back a burst, dial by dial',
    options: { policy: { maxConnectingPerOrigin: 2 } },
    steps: `
      lease r1..r4                  -> dial 1..2 for r1..r2
      open 1                        -> grant 1 to r1, dial 3 for r3
      fail 2 (refused)              -> reject r2: refused, dial 4 for r4
    `,
  },
  {
    name: 'in total close what another origin has left idle longest',
    options: { caps: { maxTotal: 2 } },
    steps: `
      lease r1 of a, r2 of b        -> dial 1 for r1, dial 2 for r2
      open 1..2                     -> grant 1..2 to r1..r2
      release 2
      release 1
      lease r3 of c                 -> close 2: evicted
      gone 2                        -> dial 3 for r3
    `,
    expected: { closes: { evicted: 1 }, idle: 1 },
  },
  {
    name: 'in total close as many as there are requests that need a place, and no more',
    options: { caps: { maxTotal: 4 } },
    steps: `
      lease r1..r4                  -> dial 1..4 for r1..r4
      open 1..4                     -> grant 1..4 to r1..r4
      release 1..4
      lease r5 of b, r6 of c        -> close 1..2: evicted
      gone 1                        -> dial 5 for r5
      gone 2                        -> dial 6 for r6
    `,
    expected: { idle: 2, connecting: 2, queued: 0 },
  },
  {
    name: 'in total close nothing for a request whose origin is at its own cap',
    options: { caps: { maxPerOrigin: 1, maxTotal: 3 } },
    steps: `
      lease r1 of a, r2 of b        -> dial 1..2 for r1..r2
      lease r3 of c                 -> dial 3 for r3
      open 1..3                     -> grant 1..3 to r1..r3
      release 1..2
      lease r4 of c
      state 1, 2                    -> idle, idle
    `,
  },
  {
    name: 'in total close nothing more for requests that could not use the place',
    options: { caps: { maxPerOrigin: 1, maxTotal: 4 } },
    steps: `
      lease r1 of d, r2 of e        -> dial 1..2 for r1..r2
      lease r3 of f, r4 of b        -> dial 3..4 for r3..r4
      open 1..4                     -> grant 1..4 to r1..r4
      release 1..3
      lease r5 of b, r6 of b
      lease r7 of c                 -> close 1: evicted
      gone 1                        -> dial 5 for r7
    `,
    expected: { idle: 2, queued: 2 },
  },
  {
    name: 'in total take a connection that is given back from its origin where another waits',
    options: { caps: { maxTotal: 1 } },
    steps: `
      lease r1 of a                 -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2 of b
      release 1                     -> close 1: evicted
      gone 1                        -> dial 2 for r2
    `,
  },
  {
    name: 'in total close nothing while something is closing already',
    options: { caps: { maxTotal: 2 } },
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      release 1..2
      retire 1 (peer_fin)           -> close 1: peer_fin
      lease r3 of b
      state 2                       -> idle
      gone 1                        -> dial 3 for r3
    `,
  },
  {
    name: 'in total close a dial that nobody waits for',
    options: { caps: { maxTotal: 1 } },
    steps: `
      warm 1                        -> dial 1 ahead
      lease r1 of b                 -> close 1: evicted
      gone 1                        -> dial 2 for r1
    `,
  },
  {
    name: 'in total close a dial that nobody waits for any more',
    options: { caps: { maxTotal: 2 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2                      -> dial 2 for r2
      lease r3 of b
      release 1                     -> grant 1 to r2, close 2: evicted
      gone 2                        -> dial 3 for r3
    `,
  },
  {
    name: 'in total close nothing where a dial that was given up is about to leave its place',
    options: { caps: { maxTotal: 2 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      lease r2 of b                 -> dial 2 for r2
      cancel r2                     -> close 2: aborted
      lease r3 of c
      gone 2                        -> dial 3 for r3
      state 1                       -> idle
    `,
  },
  {
    name: 'in total close dials that nobody waits for before idle connections, the oldest first',
    options: { caps: { maxTotal: 3 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      warm 2 of b                   -> dial 2..3 ahead
      lease r2 of c                 -> close 2: evicted
      lease r3 of c                 -> close 3: evicted
      lease r4 of c                 -> close 1: evicted
    `,
  },
  {
    name: 'in total are shared in turn by origins that wait',
    options: { caps: { maxTotal: 1 } },
    steps: `
      lease x1 of x                 -> dial 1 for x1
      open 1                        -> grant 1 to x1
      lease a1, a2
      lease b1 of b
      peer closes 1 (error)         -> dial 2 for a1
      fail 2 (refused)              -> reject a1: refused, dial 3 for b1
      fail 3 (refused)              -> reject b1: refused, dial 4 for a2
    `,
  },
  {
    name: 'in total let an origin hand a connection on eight times while another waits',
    options: { caps: { maxTotal: 1 } },
    steps: `
      lease a0                      -> dial 1 for a0
      open 1                        -> grant 1 to a0
      lease a1..a9
      lease b0 of b
      release 1                     -> grant 1 to a1
      release 1                     -> grant 1 to a2
      release 1                     -> grant 1 to a3
      release 1                     -> grant 1 to a4
      release 1                     -> grant 1 to a5
      release 1                     -> grant 1 to a6
      release 1                     -> grant 1 to a7
      release 1                     -> grant 1 to a8
      release 1                     -> close 1: evicted
      gone 1                        -> dial 2 for a9
      open 2                        -> grant 2 to a9
      release 2                     -> close 2: evicted
      gone 2                        -> dial 3 for b0
    `,
  },
  {
    name: 'in total let an origin hand a connection on for ever while no other waits',
    options: { caps: { maxTotal: 1 } },
    steps: `
      lease a0                      -> dial 1 for a0
      open 1                        -> grant 1 to a0
      lease a1..a10
      release 1                     -> grant 1 to a1
      release 1                     -> grant 1 to a2
      release 1                     -> grant 1 to a3
      release 1                     -> grant 1 to a4
      release 1                     -> grant 1 to a5
      release 1                     -> grant 1 to a6
      release 1                     -> grant 1 to a7
      release 1                     -> grant 1 to a8
      release 1                     -> grant 1 to a9
      release 1                     -> grant 1 to a10
    `,
    expected: { dials: 1, reuses: 10 },
  },
  {
    name: 'in total count hand-ons anew after a connection was idle',
    options: { caps: { maxTotal: 1 } },
    steps: `
      lease a0                      -> dial 1 for a0
      open 1                        -> grant 1 to a0
      lease a1..a8
      release 1                     -> grant 1 to a1
      release 1                     -> grant 1 to a2
      release 1                     -> grant 1 to a3
      release 1                     -> grant 1 to a4
      release 1                     -> grant 1 to a5
      release 1                     -> grant 1 to a6
      release 1                     -> grant 1 to a7
      release 1                     -> grant 1 to a8
      release 1
      lease a9                      -> grant 1 to a9
      lease a10
      lease b0 of b
      release 1                     -> grant 1 to a10
      release 1                     -> close 1: evicted
    `,
  },
  {
    name: 'in total give no turn to an origin whose requests have gone',
    options: { caps: { maxTotal: 1 } },
    steps: `
      lease a0                      -> dial 1 for a0
      open 1                        -> grant 1 to a0
      lease b0 of b, c0 of c
      cancel b0
      release 1                     -> close 1: evicted
      gone 1                        -> dial 2 for c0
    `,
  },
  {
    name: 'of idle connections close what comes back beyond them',
    options: { caps: { maxIdlePerOrigin: 1 } },
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      release 1
      release 2                     -> close 2: trimmed
    `,
  },
  {
    name: 'of idle connections count each origin for itself',
    options: { caps: { maxIdlePerOrigin: 1 } },
    steps: `
      lease r1, r2 of b             -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      release 1..2
    `,
    expected: { idle: 2 },
  },
  {
    name: 'of idle connections keep none where there may be none, but for one that somebody waits for',
    options: { caps: { maxPerOrigin: 2, maxIdlePerOrigin: 0 } },
    steps: `
      lease r1..r3                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      release 1                     -> grant 1 to r3
      release 1..2                  -> close 1..2: trimmed
    `,
  },
  {
    name: 'of idle connections close a dial that nobody needs any more',
    options: { caps: { maxIdlePerOrigin: 0 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2                      -> dial 2 for r2
      release 1                     -> grant 1 to r2
      open 2                        -> close 2: trimmed
    `,
  },
  {
    name: 'that are raised admit more with the next event',
    options: { caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2
      caps maxPerOrigin=3
      lease r3                      -> dial 2..3 for r2..r3
    `,
  },
  {
    name: 'in total that are raised admit more with the next release, of whatever origin',
    options: { caps: { maxTotal: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2 of b
      caps maxTotal=2
      release 1                     -> dial 2 for r2
      state 1                       -> idle
    `,
  },
  {
    name: 'in total that are raised admit more with the next request, of whatever origin',
    options: { caps: { maxTotal: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2 of b
      caps maxTotal=3
      lease r3 of c                 -> dial 2..3 for r2..r3
    `,
  },
  {
    name: 'in total that leave a place let no origin dial beyond its own, which was lowered',
    options: { caps: { maxPerOrigin: 2, maxTotal: 2 } },
    steps: `
      lease r1, r2 of b             -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      lease r3
      caps maxPerOrigin=1
      peer closes 2 (error)
      release 1                     -> grant 1 to r3
    `,
  },
  {
    name: 'in total that are lowered close as many idle connections as it takes until a dial fits',
    options: { caps: { maxTotal: 3 } },
    steps: `
      lease r1..r3                  -> dial 1..3 for r1..r3
      open 1..3                     -> grant 1..3 to r1..r3
      release 1..3
      caps maxTotal=2
      lease r4 of b                 -> close 1..2: evicted
      gone 1
      gone 2                        -> dial 4 for r4
    `,
  },
  {
    name: 'that are lowered end nothing in use, and admit nothing before there is room',
    options: { caps: { maxPerOrigin: 2 } },
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      caps maxPerOrigin=1
      lease r3
      peer closes 1 (error)
      peer closes 2 (error)         -> dial 3 for r3
    `,
  },
  {
    name: 'use the newest idle connection first',
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      release 2
      release 1
      lease r3                      -> grant 1 to r3
      lease r4                      -> grant 2 to r4
    `,
  },
  {
    name: 'use the connection idle longest first where asked to',
    options: { scheduling: 'fifo' },
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      release 2
      release 1
      lease r3                      -> grant 2 to r3
      lease r4                      -> grant 1 to r4
    `,
  },
  {
    name: 'stand where a close is done from within the eviction',
    options: { caps: { maxTotal: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      when close 1: evicted, gone 1
      lease r2 of b                 -> close 1: evicted, dial 2 for r2
    `,
    expected: { connecting: 1, closing: 0 },
  },
]
