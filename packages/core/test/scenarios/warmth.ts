import type { Scenario } from '../scenario.ts'

/** What is dialled before anybody asks, and what is closed where nobody does any more. */
export const warmthScenarios: readonly Scenario[] = [
  {
    name: 'is kept from the first request of an origin on',
    options: { policy: { minIdlePerOrigin: 2 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2..3 ahead
      open 2..3
      lease r2                      -> grant 3 to r2, dial 4 ahead
      release 1
      count idle                    -> 2
    `,
  },
  {
    name: 'counts connections that are given back',
    options: { policy: { minIdlePerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2 ahead
      open 2
      release 1
      lease r2                      -> grant 1 to r2
    `,
  },
  {
    name: 'is kept when the last idle connection is lost',
    options: { policy: { minIdlePerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2 ahead
      open 2
      release 1
      peer closes 2 (peer_fin)
      at 1000
      peer closes 1 (peer_fin)      -> dial 3 ahead
    `,
  },
  {
    name: 'is let go where nobody has used the origin within the idle time-out',
    options: { policy: { minIdlePerOrigin: 1, idleTimeoutMs: 100 } },
    steps: `
      lease r1                      -> dial 1 for r1
      busy until 50
      open 1                        -> grant 1 to r1, dial 2 ahead
      open 2
      release 1
      at 150                        -> close 2: idle_timeout, close 1: idle_timeout
      gone 1..2
      origins
    `,
  },
  {
    name: 'is renewed while the origin is in use',
    options: { policy: { minIdlePerOrigin: 1, idleTimeoutMs: 100 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2 ahead
      open 2
      busy until 60
      retire 1 (response_close)
      release 1                     -> close 1: response_close
      lease r2                      -> grant 2 to r2, dial 3 ahead
      open 3
      at 160                        -> close 3: idle_timeout
      gone 3
      count dials                   -> 3
      release 2
      lease r3                      -> grant 2 to r3, dial 4 ahead
    `,
  },
  {
    name: 'rests for 1 s after a dial that failed, then for 2 s, and does not spin',
    options: { policy: { minIdlePerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2 ahead
      fail 2 (refused)
      deadline                      -> 1000
      at 999
      at 1000                       -> dial 3 ahead
      fail 3 (refused)
      deadline                      -> 3000
      at 3000                       -> dial 4 ahead
      open 4
      deadline                      -> Infinity
    `,
  },
  {
    name: 'rests after a peer that closes what has not been used',
    options: { policy: { minIdlePerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2 ahead
      open 2
      peer closes 2 (peer_fin)
      at 1000                       -> dial 3 ahead
    `,
  },
  {
    name: 'rests no longer than 30 s',
    options: { policy: { minIdlePerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2 ahead
      fail 2 (refused)
      at 1000                       -> dial 3 ahead
      fail 3 (refused)
      at 3000                       -> dial 4 ahead
      fail 4 (refused)
      at 7000                       -> dial 5 ahead
      fail 5 (refused)
      at 15000                      -> dial 6 ahead
      fail 6 (refused)
      at 31000                      -> dial 7 ahead
      fail 7 (refused)
      deadline                      -> 61000
    `,
  },
  {
    name: 'rests on although nothing is left of the origin meanwhile',
    options: { policy: { minIdlePerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2 ahead
      fail 2 (refused)
      peer closes 1 (error)
      origins
      deadline                      -> 1000
      lease r2                      -> dial 3 for r2
      open 3                        -> grant 3 to r2
      at 1000                       -> dial 4 ahead
    `,
  },
  {
    name: 'rests once for all that fails meanwhile',
    options: { policy: { minIdlePerOrigin: 3 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2..4 ahead
      fail 2 (refused)
      fail 3 (refused)
      open 4
      peer closes 4 (peer_reset)
      deadline                      -> 1000
      at 1000                       -> dial 5..7 ahead
      fail 5 (refused)
      deadline                      -> 3000
    `,
  },
  {
    name: 'rests no shorter because requests are served that dial for themselves',
    options: { policy: { minIdlePerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2 ahead
      open 2
      peer closes 2 (peer_fin)
      lease r2                      -> dial 3 for r2
      open 3                        -> grant 3 to r2
      retire 3 (response_close)
      release 3                     -> close 3: response_close
      gone 3
      at 1000                       -> dial 4 ahead
      open 4
      peer closes 4 (peer_fin)
      deadline                      -> 3000
    `,
  },
  {
    name: 'rests for 1 s again once a connection of its own has served a request',
    options: { policy: { minIdlePerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2 ahead
      fail 2 (refused)
      at 1000                       -> dial 3 ahead
      open 3
      lease r2                      -> grant 3 to r2, dial 4 ahead
      release 3
      fail 4 (refused)
      deadline                      -> 2000
    `,
  },
  {
    name: 'rests for 1 s again where an origin was left in peace for 30 s',
    options: { policy: { minIdlePerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2 ahead
      fail 2 (refused)
      at 1000                       -> dial 3 ahead
      busy until 31001
      fail 3 (refused)
      deadline                      -> 32001
    `,
  },
  {
    name: 'rests after a connection of its own that was lost before it had served anybody',
    options: { policy: { minIdlePerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2 ahead
      open 2
      lease r2                      -> grant 2 to r2, dial 3 ahead
      peer closes 2 (error)
      deadline                      -> 1000
    `,
  },
  {
    name: 'does not rest because of connections that end by our own rules',
    options: { policy: { minIdlePerOrigin: 1, maxConnectionAgeMs: 500 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2 ahead
      open 2
      at 500                        -> close 2: max_age
      gone 2                        -> dial 3 ahead
    `,
  },
  {
    name: 'takes no place that another origin waits for, and the next one that is free',
    options: { policy: { minIdlePerOrigin: 1 }, caps: { maxTotal: 2 } },
    steps: `
      lease a1 of a                 -> dial 1 for a1
      lease b1 of b                 -> dial 2 for b1
      open 1                        -> grant 1 to a1
      open 2                        -> grant 2 to b1
      lease c1 of c
      detach 2                      -> dial 3 for c1
      fail 3 (refused)              -> reject c1: refused, dial 4 ahead
    `,
  },
  {
    name: 'that has rested comes after a request that waits, though nobody has told of a raised cap',
    options: { policy: { minIdlePerOrigin: 1 }, caps: { maxPerOrigin: 2 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2 ahead
      fail 2 (refused)
      caps maxPerOrigin=1
      lease r2
      caps maxPerOrigin=3
      at 1000                       -> dial 3 for r2, dial 4 ahead
    `,
  },
  {
    name: 'stays within the caps of its origin',
    options: { policy: { minIdlePerOrigin: 2 }, caps: { maxPerOrigin: 2 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2 ahead
      open 2
      lease r2                      -> grant 2 to r2
    `,
  },
  {
    name: 'ends with a drain',
    options: { policy: { minIdlePerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2 ahead
      fail 2 (refused)
      drain
      at 1000
      release 1                     -> close 1: drained
      gone 1
      origins
    `,
  },
  {
    name: 'ends with what is destroyed',
    options: { policy: { minIdlePerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2 ahead
      destroy                       -> close 1: destroyed, close 2: destroyed
      gone 1..2
      origins
    `,
  },
  {
    name: 'of which there is too much is halved every 5 s',
    options: { policy: { trim: 'adaptive' } },
    steps: `
      lease r1..r8                  -> dial 1..8 for r1..r8
      open 1..8                     -> grant 1..8 to r1..r8
      release 1..8
      deadline                      -> 5000
      at 5000
      at 9999
      at 10000
      at 15000                      -> close 1..2: trimmed
      at 20000                      -> close 3..4: trimmed
      at 25000                      -> close 5..6: trimmed
      at 30000                      -> close 7: trimmed
      at 35000                      -> close 8: trimmed
      deadline                      -> 40000
      gone 1..8
      deadline                      -> Infinity
    `,
    expected: { closes: { trimmed: 8 } },
  },
  {
    name: 'is left to steady traffic',
    options: { policy: { trim: 'adaptive' } },
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      release 1..2
      at 5000
      lease r3..r4                  -> grant 2 to r3, grant 1 to r4
      release 1..2
      at 10000
      lease r5..r6                  -> grant 2 to r5, grant 1 to r6
      release 1..2
      at 15000
    `,
    expected: { idle: 2 },
  },
  {
    name: 'is not trimmed below what is to be kept',
    options: { policy: { trim: 'adaptive', minIdlePerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1, dial 2 ahead
      open 2
      release 1
      at 5000                       -> close 2: trimmed
      gone 2
      at 10000
      at 60000
    `,
    expected: { idle: 1 },
  },
]
