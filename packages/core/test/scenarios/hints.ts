import type { Scenario } from '../scenario.ts'

/** What servers announce in their Keep-Alive header, well or badly. */
export const hintScenarios: readonly Scenario[] = [
  {
    name: 'of 5 s ends an idle connection a second before the server does',
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      server says 1: timeout=5
      release 1
      deadline                                -> 4000
      at 3999
      at 4000                                 -> close 1: server_hint
    `,
    expected: { closing: 1, idle: 0 },
  },
  {
    name: 'of timeout=0 allows no reuse',
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      server says 1: timeout=0
      release 1                               -> close 1: server_hint
    `,
  },
  {
    name: 'no longer than the margin allows no reuse',
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      server says 1: timeout=1
      release 1                               -> close 1: server_hint
    `,
  },
  {
    name: 'no longer than the margin allows no reuse, though a request waits',
    options: { caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      lease r2
      server says 1: timeout=1
      release 1                               -> close 1: server_hint
      gone 1                                  -> dial 2 for r2
    `,
  },
  {
    name: 'of max=0 closes the connection when it is given back',
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      server says 1: timeout=5, max=0
      release 1                               -> close 1: server_hint
    `,
  },
  {
    name: 'of max=1 leaves one request, which is known as the last',
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      server says 1: timeout=5, max=1
      release 1
      lease r2                                -> grant 1 to r2 as its last
      release 1                               -> close 1: server_hint
    `,
    expected: { reuses: 1 },
  },
  {
    name: 'of max=2 leaves two requests, of which the second is known as the last',
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      server says 1: max=2
      release 1
      lease r2                                -> grant 1 to r2
      release 1
      lease r3                                -> grant 1 to r3 as its last
      release 1                               -> close 1: server_hint
    `,
  },
  {
    name: 'that counts down as Apache does allows one request more after max=1, and no other',
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      server says 1: timeout=5, max=2
      release 1
      lease r2                                -> grant 1 to r2
      server says 1: timeout=5, max=1
      release 1
      lease r3                                -> grant 1 to r3 as its last
      release 1                               -> close 1: server_hint
    `,
    expected: { reuses: 2 },
  },
  {
    name: 'of a limit on requests teaches nothing about idle time where it is reached',
    options: { policy: { serverHints: 'ignore', learnIdleLimit: true } },
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      server says 1: max=0
      release 1
      busy until 400
      peer closes 1 (peer_fin)
      lease r2                                -> dial 2 for r2
      open 2                                  -> grant 2 to r2
      release 2
      deadline                                -> Infinity
    `,
  },
  {
    name: 'of a limit on requests that is not reached yet teaches as any other',
    options: { policy: { serverHints: 'ignore', learnIdleLimit: true } },
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      server says 1: max=1
      lease r0                                -> dial 2 for r0
      open 2                                  -> grant 2 to r0
      release 1
      busy until 1000
      peer closes 1 (peer_fin)
      release 2
      deadline                                -> 1800
    `,
  },
  {
    name: 'with the last request is heeded where the request goes straight to a waiter',
    options: { caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      lease r2..r3
      server says 1: max=1
      release 1                               -> grant 1 to r2 as its last
      release 1                               -> close 1: server_hint
      gone 1                                  -> dial 2 for r3
    `,
  },
  {
    name: 'that changes from one response to the next counts as it was said last',
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      server says 1: timeout=60, max=100
      release 1
      deadline                                -> 59000
      lease r2                                -> grant 1 to r2
      server says 1: timeout=5, max=99
      release 1
      deadline                                -> 4000
      lease r3                                -> grant 1 to r3
      server says 1: timeout=60, max=0
      release 1                               -> close 1: server_hint
    `,
  },
  {
    name: 'that one response leaves out keeps its last value',
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      server says 1: timeout=5
      server says 1: max=7
      release 1
      deadline                                -> 4000
    `,
  },
  {
    name: 'that comes twice counts as the smaller one, in any case and quoted',
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      server says 1: Timeout="9", TIMEOUT=5
      release 1
      deadline                                -> 4000
    `,
  },
  {
    name: 'that is no number is passed over',
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      server says 1: timeout=soon, max=-1, timeout=1.5x, max
      release 1
      deadline                                -> Infinity
      lease r2                                -> grant 1 to r2
    `,
  },
  {
    name: 'with a fraction and a unit counts by its whole seconds',
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      server says 1: timeout=5.9s
      release 1
      deadline                                -> 4000
    `,
  },
  {
    name: 'that is huge limits nothing',
    options: { policy: { idleTimeoutMs: 55_000 } },
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      server says 1: timeout=99999999999999999999, max=99999999999999999999
      release 1
      deadline                                -> 55000
    `,
  },
  {
    name: 'is passed over where the policy says so',
    options: { policy: { serverHints: 'ignore' } },
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      server says 1: timeout=1, max=0
      release 1
      lease r2                                -> grant 1 to r2
    `,
  },
  {
    name: 'that was never given limits nothing, whatever the margin',
    options: { policy: { serverHintMarginMs: Number.POSITIVE_INFINITY } },
    steps: `
      lease r1                                -> dial 1 for r1
      open 1                                  -> grant 1 to r1
      release 1
      deadline                                -> Infinity
      lease r2                                -> grant 1 to r2
      server says 1: timeout=3600
      release 1                               -> close 1: server_hint
    `,
  },
]
