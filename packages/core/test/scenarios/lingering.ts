import type { Scenario } from '../scenario.ts'

const ONE_EACH = { maxRequestsPerConnection: 1 } as const

/** Connections that wait for their peers to close first, and how long. */
export const lingeringScenarios: readonly Scenario[] = [
  {
    name: 'waits for its peer after its last request',
    options: { lingers: true, policy: ONE_EACH },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1 as its last
      release 1                     -> linger 1
      state 1                       -> lingering
      count lingering               -> 1
      count closing                 -> 1
      deadline                      -> 1000
      retire 1 (peer_fin)           -> close 1: max_requests
      count lingering               -> 0
      count closing                 -> 1
      deadline                      -> Infinity
      gone 1
      events                        -> dialing 1, opened 1, draining 1: max_requests, leased 1, lingering 1: max_requests, closed 1: max_requests
    `,
    expected: { closes: { max_requests: 1 }, closing: 0 },
  },
  {
    name: 'closes by itself where its peer does not in time',
    options: { lingers: true, policy: { ...ONE_EACH, peerCloseWaitMs: 40 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1 as its last
      release 1                     -> linger 1
      at 39
      deadline                      -> 40
      at 40                         -> close 1: max_requests
      at 41
      gone 1
    `,
    expected: { closes: { max_requests: 1 } },
  },
  {
    name: 'is let off once where nobody could tell that its peer has closed',
    options: { lingers: true, policy: ONE_EACH },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1 as its last
      release 1                     -> linger 1
      at 1001
      deadline                      -> 1002
      at 1002                       -> close 1: max_requests
    `,
  },
  {
    name: 'gone while it waits is gone',
    options: { lingers: true, policy: ONE_EACH },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1 as its last
      release 1                     -> linger 1
      peer closes 1 (peer_reset)
      deadline                      -> Infinity
      origins
    `,
    expected: { closes: { max_requests: 1 } },
  },
  {
    name: 'does not wait for a peer that goes on sending',
    options: { lingers: true, policy: ONE_EACH },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1 as its last
      release 1                     -> linger 1
      retire 1 (stray_data)         -> close 1: max_requests
      retire 1 (peer_fin)
      gone 1
    `,
  },
  {
    name: 'that was taken for idle waits for its peer as well',
    options: { lingers: true },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      retire 1 (response_close)     -> linger 1
      at 1000                       -> close 1: response_close
    `,
  },
  {
    name: 'that has not opened waits for nobody',
    options: { lingers: true, caps: { maxTotal: 1 } },
    steps: `
      warm 1                        -> dial 1 ahead
      lease r1 of b                 -> close 1: evicted
      gone 1                        -> dial 2 for r1
    `,
  },
  {
    name: 'waits for nobody where its mode, or the time, does not allow it',
    options: { lingers: true, policy: { ...ONE_EACH, closeMode: 'fin' } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1 as its last
      release 1                     -> close 1: max_requests
    `,
  },
  {
    name: 'waits for nobody where there is no time to wait',
    options: { lingers: true, policy: { ...ONE_EACH, peerCloseWaitMs: 0 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1 as its last
      release 1                     -> close 1: max_requests
    `,
  },
  {
    name: 'does not wait for long where a request is queued for its place',
    options: { lingers: true, policy: ONE_EACH, caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2
      open 1                        -> grant 1 to r1 as its last
      release 1                     -> linger 1
      deadline                      -> 50
      at 50                         -> close 1: max_requests
      gone 1                        -> dial 2 for r2
    `,
  },
  {
    name: 'does not wait for long for a request that is queued later',
    options: { lingers: true, policy: ONE_EACH, caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1 as its last
      release 1                     -> linger 1
      at 300
      lease r2
      deadline                      -> 350
      lease r3
      deadline                      -> 350
      at 350                        -> close 1: max_requests
      gone 1                        -> dial 2 for r2
    `,
  },
  {
    name: 'waits no longer because it is in a hurry',
    options: { lingers: true, policy: ONE_EACH, caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1 as its last
      release 1                     -> linger 1
      at 980
      lease r2
      deadline                      -> 1000
    `,
  },
  {
    name: 'may take its time where another origin is at its own cap',
    options: { lingers: true, policy: ONE_EACH, caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2 of b                 -> dial 2 for r2
      open 1..2                     -> grant 1 to r1 as its last, grant 2 to r2 as its last
      release 1..2                  -> linger 1..2
      lease r3
      at 50                         -> close 1: max_requests
      deadline                      -> 1000
    `,
  },
  {
    name: 'may not take its time where the total cap keeps any origin waiting',
    options: { lingers: true, policy: ONE_EACH, caps: { maxTotal: 2 } },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2 of b                 -> dial 2 for r2
      open 1..2                     -> grant 1 to r1 as its last, grant 2 to r2 as its last
      release 1                     -> linger 1
      lease r3 of c
      deadline                      -> 50
      release 2                     -> linger 2
      at 50                         -> close 1..2: max_requests
      gone 1                        -> dial 3 for r3
    `,
  },
  {
    name: 'may not take its time once only the total cap keeps a request waiting',
    options: {
      lingers: true,
      policy: { maxConnectingPerOrigin: 1 },
      caps: { maxTotal: 2 },
    },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      retire 1 (response_close)
      release 1                     -> linger 1
      lease r2 of b                 -> dial 2 for r2
      lease r3 of b
      deadline                      -> 1000
      open 2                        -> grant 2 to r2
      deadline                      -> 50
    `,
  },
  {
    name: 'leaves its place within the call where its peer is known not to close',
    options: { lingers: true, policy: ONE_EACH, caps: { maxTotal: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2
      open 1                        -> grant 1 to r1 as its last
      release 1                     -> linger 1
      at 50                         -> close 1: max_requests
      gone 1                        -> dial 2 for r2
      open 2                        -> grant 2 to r2 as its last
      lease r3
      release 2                     -> linger 2
      at 100                        -> close 2: max_requests
      gone 2                        -> dial 3 for r3
      open 3                        -> grant 3 to r3 as its last
      lease r4
      release 3                     -> linger 3
      at 150                        -> close 3: max_requests
      gone 3                        -> dial 4 for r4
      open 4                        -> grant 4 to r4 as its last
      release 4                     -> linger 4
      when close 4: max_requests, gone 4
      lease r5 of b                 -> close 4: max_requests, dial 5 for r5
    `,
  },
  {
    name: 'does not wait again and again for peers that never close, even once nothing of the origin is left',
    options: { lingers: true, policy: { ...ONE_EACH, peerCloseWaitMs: 10 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1 as its last
      release 1                     -> linger 1
      at 10                         -> close 1: max_requests
      gone 1
      lease r2                      -> dial 2 for r2
      open 2                        -> grant 2 to r2 as its last
      release 2                     -> linger 2
      at 20                         -> close 2: max_requests
      gone 2
      lease r3                      -> dial 3 for r3
      open 3                        -> grant 3 to r3 as its last
      release 3                     -> linger 3
      at 30                         -> close 3: max_requests
      gone 3
      origins
      lease r4                      -> dial 4 for r4
      open 4                        -> grant 4 to r4 as its last
      release 4                     -> close 4: max_requests
      lease r5 of b                 -> dial 5 for r5
      open 5                        -> grant 5 to r5 as its last
      release 5                     -> linger 5
    `,
  },
  {
    name: 'goes on waiting for its peer while the pool drains',
    options: { lingers: true, policy: ONE_EACH },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1 as its last
      release 1                     -> linger 1
      drain
      state 1                       -> lingering
      retire 1 (peer_fin)           -> close 1: max_requests
      gone 1
    `,
  },
  {
    name: 'waits for nobody once the pool is destroyed',
    options: { lingers: true, policy: ONE_EACH, caps: { maxPerOrigin: 2 } },
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1 to r1 as its last, grant 2 to r2 as its last
      release 1                     -> linger 1
      lease r3
      release 2                     -> linger 2
      destroy                       -> close 1..2: max_requests
      deadline                      -> Infinity
      gone 1                        -> dial 3 for r3
      gone 2
    `,
  },
]
