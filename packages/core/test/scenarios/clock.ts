import type { Scenario } from '../scenario.ts'

const policy = { idleTimeoutMs: 1000 } as const

/** Time that passes, too slowly, too fast or unseen. */
export const clockScenarios: readonly Scenario[] = [
  {
    name: 'ends an idle connection by its deadline, though nobody leases',
    options: { policy },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      at 50
      release 1
      deadline                      -> 1050
      at 1049
      at 1050                       -> close 1: idle_timeout
      deadline                      -> Infinity
    `,
  },
  {
    name: 'that stands still ends nothing',
    options: { policy },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      at 0
      at 0
      lease r2                      -> grant 1 to r2
    `,
  },
  {
    name: 'that jumps over hours of sleep ends all that expired meanwhile, and no more',
    options: { policy },
    steps: `
      lease r1..r3                  -> dial 1..3 for r1..r3
      open 1..3                     -> grant 1..3 to r1..r3
      release 1
      at 10
      release 2
      at 3600000                    -> close 1..2: idle_timeout
      state 3                       -> leased
      release 3
      deadline                      -> 3601000
    `,
  },
  {
    name: 'of a late timer lends nothing that has expired',
    options: { policy },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      busy until 1000
      lease r2                      -> close 1: idle_timeout, dial 2 for r2
      at 1000
    `,
  },
  {
    name: 'lends just before the deadline, and the timer then finds nothing to end',
    options: { policy },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      busy until 999
      lease r2                      -> grant 1 to r2
      at 1000
      state 1                       -> leased
      release 1
      deadline                      -> 2000
    `,
  },
  {
    name: 'ends at the deadline what a request then asks for in vain',
    options: { policy },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      at 1000                       -> close 1: idle_timeout
      lease r2                      -> dial 2 for r2
    `,
  },
  {
    name: 'reaches the age of a connection in use: its request finishes first',
    options: { policy: { maxConnectionAgeMs: 500, connectionAgeJitter: 0 } },
    steps: `
      lease r1                      -> dial 1 for r1
      at 100
      open 1                        -> grant 1 to r1
      at 700
      state 1                       -> leased
      release 1                     -> close 1: max_age
    `,
  },
  {
    name: 'counts the age of a connection from when it opened',
    options: { policy: { maxConnectionAgeMs: 500, connectionAgeJitter: 0 } },
    steps: `
      lease r1                      -> dial 1 for r1
      at 100
      open 1                        -> grant 1 to r1
      release 1
      deadline                      -> 600
      at 599
      lease r2                      -> grant 1 to r2
      release 1
      at 600                        -> close 1: max_age
    `,
  },
  {
    name: 'ends a cohort of one age one after the other',
    options: {
      policy: { maxConnectionAgeMs: 1000, connectionAgeJitter: 0.1 },
      births: [0, 0.25, 0.5, 0.75],
    },
    steps: `
      lease r1..r4                  -> dial 1..4 for r1..r4
      open 1..4                     -> grant 1..4 to r1..r4
      release 1..4
      deadline                      -> 925
      at 925                        -> close 4: max_age
      at 950                        -> close 3: max_age
      at 975                        -> close 2: max_age
      at 1000                       -> close 1: max_age
    `,
  },
  {
    name: 'ends by the earliest of several limits',
    options: { policy: { ...policy, maxConnectionAgeMs: 1200, connectionAgeJitter: 0 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      deadline                      -> 1000
      at 900
      lease r2                      -> grant 1 to r2
      release 1
      deadline                      -> 1200
      at 1200                       -> close 1: max_age
    `,
  },
  {
    name: 'ends connections in the order of their deadlines, whatever has left meanwhile',
    steps: `
      lease r1..r6                  -> dial 1..6 for r1..r6
      open 1..6                     -> grant 1..6 to r1..r6
      server says 1: timeout=2
      server says 2: timeout=9
      server says 3: timeout=3
      server says 4: timeout=7
      server says 5: timeout=4
      server says 6: timeout=8
      release 1..6
      peer closes 1 (peer_fin)
      deadline                      -> 2000
      peer closes 5 (peer_fin)
      at 5999                       -> close 3: server_hint
      deadline                      -> 6000
      at 9000                       -> close 4: server_hint, close 6: server_hint, close 2: server_hint
    `,
  },
  {
    name: 'gives a learned limit more time after each connection that it ended in vain',
    steps: `
      lease r1..r3                  -> dial 1..3 for r1..r3
      open 1..3                     -> grant 1..3 to r1..r3
      release 1
      at 1000
      peer closes 1 (peer_fin)
      release 2
      at 1001
      release 3
      at 1800                       -> close 2: learned_limit
      at 1801
      deadline                      -> 1841
      at 1841                       -> close 3: learned_limit
    `,
  },
]
