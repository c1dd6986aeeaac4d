import type { Scenario } from '../scenario.ts'

/** What the other side does to a connection, and what a look at it finds in time. */
export const peerScenarios: readonly Scenario[] = [
  {
    name: 'that closes an idle connection takes it away at once',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      peer closes 1 (peer_fin)
      count idle                    -> 0
      lease r2                      -> dial 2 for r2
    `,
    expected: { closes: { peer_fin: 1 }, reuses: 0, connecting: 1 },
  },
  {
    name: 'that resets an idle connection takes it away at once',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      peer closes 1 (peer_reset)
      lease r2                      -> dial 2 for r2
    `,
    expected: { closes: { peer_reset: 1 } },
  },
  {
    name: 'whose FIN came while the loop was blocked is found out by the look before reuse',
    options: { policy: { staleCheck: 'peek' } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      busy until 5000
      peek finds peer_fin at 1
      lease r2                      -> peek 1, close 1: peer_fin, dial 2 for r2
      gone 1
      open 2                        -> grant 2 to r2
    `,
    expected: { closes: { peer_fin: 1 }, leases: 2, reuses: 0 },
  },
  {
    name: 'whose RST came while the loop was blocked is found out by the look before reuse',
    options: { policy: { staleCheck: 'peek' } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      peek finds peer_reset at 1
      lease r2                      -> peek 1, close 1: peer_reset, dial 2 for r2
    `,
  },
  {
    name: 'that sent 408 while the connection was idle has planted no response',
    options: { policy: { staleCheck: 'peek' } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      peek finds stray_data at 1
      lease r2                      -> peek 1, close 1: stray_data, dial 2 for r2
    `,
  },
  {
    name: 'whose stray bytes are seen at once serves nobody any more',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      retire 1 (stray_data)         -> close 1: stray_data
      lease r2                      -> dial 2 for r2
    `,
  },
  {
    name: 'that closed ten idle connections at once costs ten looks and one dial',
    options: { policy: { staleCheck: 'peek' } },
    steps: `
      lease r1..r10                 -> dial 1..10 for r1..r10
      open 1..10                    -> grant 1..10 to r1..r10
      release 10, 9, 8, 7, 6, 5, 4, 3, 2, 1
      peek finds peer_fin at 1..10
      busy until 100
      lease r11                     -> peek 1..10 + close 1..10: peer_fin, dial 11 for r11
    `,
    expected: { closing: 10, connecting: 1, dials: 11 },
  },
  {
    name: 'that closed some idle connections leaves the newest that is well',
    options: { policy: { staleCheck: 'peek' } },
    steps: `
      lease r1..r3                  -> dial 1..3 for r1..r3
      open 1..3                     -> grant 1..3 to r1..r3
      release 1..3
      peek finds peer_fin at 3
      lease r4                      -> peek 3, close 3: peer_fin, peek 2, grant 2 to r4
    `,
    expected: { idle: 1, leased: 1, closing: 1 },
  },
  {
    name: 'is looked at once for each reuse, and never on a fresh connection',
    options: { policy: { staleCheck: 'peek' } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      lease r2                      -> peek 1, grant 1 to r2
      release 1
      lease r3                      -> peek 1, grant 1 to r3
    `,
    expected: { reuses: 2 },
  },
  {
    name: 'that closes a fresh connection with its request makes way for whoever waits',
    options: { caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      lease r2
      open 1                        -> grant 1 to r1
      peer closes 1 (peer_fin)      -> dial 2 for r2
    `,
    expected: { closes: { peer_fin: 1 }, rejections: 0 },
  },
  {
    name: 'that died silently is given up once the kernel says so',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      at 45000
      peer closes 1 (error)
      lease r2                      -> dial 2 for r2
    `,
    expected: { closes: { error: 1 } },
  },
  {
    name: 'that closes after 5 s idle is not trusted for longer than 4 s again',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      at 5000
      peer closes 1 (peer_fin)
      lease r2                      -> dial 2 for r2
      open 2                        -> grant 2 to r2
      release 2
      deadline                      -> 9000
      at 8999
      at 9000                       -> close 2: learned_limit
    `,
    expected: { closes: { peer_fin: 1 } },
  },
  {
    name: 'that closes late is trusted no longer than after it closed early',
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      release 1..2
      busy until 5000
      peer closes 1 (peer_fin)
      busy until 9000
      peer closes 2 (peer_fin)
      lease r3                      -> dial 3 for r3
      open 3                        -> grant 3 to r3
      release 3
      deadline                      -> 13000
    `,
  },
  {
    name: 'that resets after 5 s idle is not trusted for longer than 4 s again',
    options: { policy: { staleCheck: 'peek' } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      busy until 5000
      peek finds peer_reset at 1
      lease r2                      -> peek 1, close 1: peer_reset, dial 2 for r2
      open 2                        -> grant 2 to r2
      release 2
      deadline                      -> 9000
    `,
  },
  {
    name: 'that closes right after a response teaches nothing about idle time',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      at 249
      peer closes 1 (peer_fin)
      lease r2                      -> dial 2 for r2
      open 2                        -> grant 2 to r2
      release 2
      deadline                      -> Infinity
    `,
  },
  {
    name: 'of one origin teaches nothing about another',
    steps: `
      lease r1 of a                 -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      at 5000
      peer closes 1 (peer_reset)
      lease r2 of b                 -> dial 2 for r2
      open 2                        -> grant 2 to r2
      release 2
      deadline                      -> Infinity
    `,
  },
  {
    name: 'that restarts under load fails no request that waits',
    options: { caps: { maxPerOrigin: 2 } },
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      lease r3..r4
      release 1                     -> grant 1 to r3
      peer closes 1 (peer_reset)    -> dial 3 for r4
      peer closes 2 (peer_reset)
      lease r5                      -> dial 4 for r5
      open 4                        -> grant 4 to r4
      open 3                        -> grant 3 to r5
      release 3, 4
    `,
    expected: { rejections: 0, idle: 2, waiting: 0, leases: 5 },
  },
]
