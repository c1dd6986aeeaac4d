import type { Scenario } from '../scenario.ts'

/** How a request ends, and what that means for its connection. */
export const responseScenarios: readonly Scenario[] = [
  {
    name: 'that is complete gives its connection to the next request',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      lease r2                      -> grant 1 to r2
    `,
    expected: { leases: 2, reuses: 1, dials: 1, waits: 1 },
  },
  {
    name: 'with Connection: close ends the connection once it is complete',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      retire 1 (response_close)
      state 1                       -> draining
      release 1                     -> close 1: response_close
    `,
  },
  {
    name: 'of HTTP/1.0 without keep-alive serves nobody who waits',
    options: { caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2
      retire 1 (response_close)
      release 1                     -> close 1: response_close
      gone 1                        -> dial 2 for r2
    `,
  },
  {
    name: 'after which the server says close, but stays open, holds its place until it is gone',
    options: { caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      retire 1 (response_close)
      release 1                     -> close 1: response_close
      lease r2
      at 60000
      state 1                       -> closing
      gone 1                        -> dial 2 for r2
    `,
  },
  {
    name: 'that comes before its request is complete allows no reuse',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      retire 1 (early_response)
      release 1                     -> close 1: early_response
    `,
    expected: { closing: 1 },
  },
  {
    name: 'with bytes after its end allows no reuse',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      retire 1 (stray_data)
      release 1                     -> close 1: stray_data
      lease r2                      -> dial 2 for r2
    `,
  },
  {
    name: 'that is given up half-way ends its connection, and a waiter gets a new one',
    options: { caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2
      peer closes 1 (aborted)       -> dial 2 for r2
    `,
    expected: { closes: { aborted: 1 } },
  },
  {
    name: 'that breaks off while it was the last is closed for the first reason',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      retire 1 (max_age)
      peer closes 1 (peer_reset)
    `,
    expected: { closes: { max_age: 1 }, leased: 0, draining: 0 },
  },
  {
    name: '101 takes its connection out of the pool, and another may be dialled',
    options: { caps: { maxPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2
      detach 1                      -> dial 2 for r2
      state 1                       -> closed
      cancel r2                     -> close 2: aborted
      gone 2
      origins
    `,
    expected: { closes: { aborted: 1 }, connecting: 0 },
  },
  {
    name: 'to CONNECT takes a connection out that was to end anyway',
    options: { policy: { maxRequestsPerConnection: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1 as its last
      detach 1
    `,
    expected: { leased: 0, closing: 0, closes: {} },
  },
  {
    name: 'may be the last of so many, which is known beforehand',
    options: { policy: { maxRequestsPerConnection: 3 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      lease r2                      -> grant 1 to r2
      release 1
      lease r3                      -> grant 1 to r3 as its last
      release 1                     -> close 1: max_requests
      lease r4                      -> dial 2 for r4
    `,
    expected: { reuses: 2 },
  },
  {
    name: 'cannot be given back twice, and nothing changes by it',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      release 1                     -> throws ERR_HOLDFAST_ILLEGAL_TRANSITION
      state 1                       -> idle
      lease r2                      -> grant 1 to r2
    `,
    expected: { idle: 0, leased: 1 },
  },
  {
    name: 'cannot come on a connection that is gone, and counts never fall below nothing',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      peer closes 1 (peer_reset)
      release 1                     -> throws ERR_HOLDFAST_ILLEGAL_TRANSITION
      peer closes 1 (peer_fin)      -> throws ERR_HOLDFAST_ILLEGAL_TRANSITION
      detach 1                      -> throws ERR_HOLDFAST_ILLEGAL_TRANSITION
      retire 1 (max_age)
      count connecting, idle, leased, closing -> 0, 0, 0, 0
    `,
    expected: { closes: { peer_reset: 1 } },
  },
]
