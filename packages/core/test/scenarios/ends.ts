import type { Scenario } from '../scenario.ts'

/** Pools that drain, pools that are destroyed. */
export const endScenarios: readonly Scenario[] = [
  {
    name: 'that drains lets those in use finish and closes those that are idle',
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      release 1
      drain                         -> close 1: drained
      state 1, 2                    -> closing, draining
      release 2                     -> close 2: drained
      gone 1..2
      origins
    `,
    expected: { closes: { drained: 2 } },
  },
  {
    name: 'that drains serves those that wait',
    options: { caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2
      drain
      release 1                     -> grant 1 to r2
      release 1                     -> close 1: drained
    `,
  },
  {
    name: 'that drains serves those that wait, with the connections that it dials',
    options: { caps: { maxTotal: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2 of b
      drain
      release 1                     -> close 1: drained
      gone 1                        -> dial 2 for r2
      open 2                        -> grant 2 to r2
      release 2                     -> close 2: drained
      gone 2
      origins
    `,
  },
  {
    name: 'that drains still refuses whoever has waited too long',
    options: { policy: { acquireTimeoutMs: 100 }, caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2
      drain
      at 100                        -> reject r2: ERR_HOLDFAST_ACQUIRE_TIMEOUT
    `,
  },
  {
    name: 'that has drained for too long refuses everybody who waits, in the order of their coming',
    options: { caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2
      lease r3 of b                 -> dial 2 for r3
      drain
      refuse                        -> reject r2..r3: ERR_HOLDFAST_POOL_CLOSED, close 2: aborted
      count leased, closing         -> 1, 1
      destroy                       -> close 1: destroyed
      gone 1..2
      origins
    `,
    expected: { waiting: 0, rejections: 2 },
  },
  {
    name: 'that drains lets a dial finish for whom it was begun',
    steps: `
      lease r1                      -> dial 1 for r1
      drain
      open 1                        -> grant 1 to r1
      release 1                     -> close 1: drained
    `,
  },
  {
    name: 'that drains closes a dial that opens for nobody',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2                      -> dial 2 for r2
      release 1                     -> grant 1 to r2
      drain
      open 2                        -> close 2: drained
    `,
  },
  {
    name: 'that drains refuses whoever comes after',
    steps: `
      drain
      lease r1                      -> reject r1: ERR_HOLDFAST_POOL_CLOSED
      error r1                      -> the pool is draining and takes no new request (a)
      events                        -> rejected ERR_HOLDFAST_POOL_CLOSED
      origins
    `,
    expected: { rejections: 1, waits: 0 },
  },
  {
    name: 'that drains twice closes everything once',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      drain                         -> close 1: drained
      drain
      retire 1 (max_age)
      gone 1
      gone 1                        -> throws ERR_HOLDFAST_ILLEGAL_TRANSITION
    `,
    expected: { closes: { drained: 1 } },
  },
  {
    name: 'that is destroyed closes everything, whatever it is doing',
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      release 1
      lease r3 of b                 -> dial 3 for r3
      destroy                       -> close 1..3: destroyed
      gone 1..2
      gone 3                        -> reject r3: given up
    `,
    expected: { closes: { destroyed: 3 }, dialFailures: 0 },
  },
  {
    name: 'that is destroyed twice closes everything once',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      destroy                       -> close 1: destroyed
      destroy
      release 1                     -> throws ERR_HOLDFAST_ILLEGAL_TRANSITION
      gone 1
    `,
    expected: { closes: { destroyed: 1 } },
  },
  {
    name: 'that is destroyed dials anew for those that wait without a dial',
    options: { caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2
      destroy                       -> close 1: destroyed
      gone 1                        -> reject r1: given up, dial 2 for r2
      open 2                        -> grant 2 to r2
    `,
  },
  {
    name: 'that is destroyed gives nobody a dial that it gave up',
    steps: `
      warm 1                        -> dial 1 ahead
      lease r1 of b                 -> dial 2 for r1
      destroy                       -> close 1..2: destroyed
      lease r3                      -> dial 3 for r3
      open 3                        -> grant 3 to r3
      gone 1
      gone 2                        -> reject r1: given up
    `,
    expected: { closes: { destroyed: 2 }, leased: 1 },
  },
  {
    name: 'that is destroyed keeps the first reason of what was ending anyway',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      retire 1 (response_close)
      destroy                       -> close 1: response_close
      gone 1
    `,
    expected: { closes: { response_close: 1 } },
  },
  {
    name: 'told in events says when, and why',
    options: { policy: { maxRequestsPerConnection: 1 }, caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2
      open 1                        -> grant 1 to r1 as its last
      release 1                     -> close 1: max_requests
      gone 1                        -> dial 2 for r2
      fail 2 (refused)              -> reject r2: refused
      events                        -> dialing 1, queued 1, opened 1, draining 1: max_requests, leased 1, closed 1: max_requests, dialing 2, closed 2: error, rejected dial_failed
    `,
  },
  {
    name: 'from within an effect leaves nothing half done',
    options: { caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2
      when dial 2 for r2, drain
      peer closes 1 (peer_reset)    -> dial 2 for r2
      lease r3                      -> reject r3: ERR_HOLDFAST_POOL_CLOSED
      open 2                        -> grant 2 to r2
      release 2                     -> close 2: drained
    `,
  },
]
