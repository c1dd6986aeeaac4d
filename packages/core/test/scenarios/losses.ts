import type { Scenario } from '../scenario.ts'

/** Requests that lose their connections, and what becomes of them. */
export const lossScenarios: readonly Scenario[] = [
  {
    name: 'is dialled for, though others are idle, and comes with its first connection only',
    steps: `
      lease r1..r3                  -> dial 1..3 for r1..r3
      open 1..3                     -> grant 1..3 to r1..r3
      release 2..3
      lose 1 (unwritten)            -> take back r1 from 1, dial 4 for r1
      state r1                      -> waiting
      count idle, moves, replays    -> 2, 1, 0
      open 4                        -> grant 4 to r1
    `,
    expected: { idle: 2, closes: { peer_reset: 1 } },
  },
  {
    name: 'goes on unsent by any method, but leaves one fresh connection only',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      lease r2 (POST)               -> grant 1 to r2
      pass r2
      lose 1 (unwritten)            -> take back r2 from 1, dial 2 for r2
      open 2                        -> grant 2 to r2
      pass r2
      lose 2 (unwritten)            -> take back r2 from 2, dial 3 for r2
      open 3                        -> grant 3 to r2
      pass r2
      lose 3 (unwritten)            -> fails
      state r2, 3                   -> failed, leased
      peer closes 3 (peer_reset)
    `,
    expected: { moves: 2, replays: 0, closes: { peer_reset: 3 } },
  },
  {
    name: 'is sent again where its connection had been used, and once only',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      lease r2                      -> grant 1 to r2
      pass r2
      complete r2
      lose 1 (sent)                 -> take back r2 from 1, dial 2 for r2
      open 2                        -> grant 2 to r2
      pass r2
      complete r2
      lose 2 (sent)                 -> fails
    `,
    expected: { moves: 0, replays: 1 },
  },
  {
    name: 'is not sent again by POST',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      lease r2 (POST)               -> grant 1 to r2
      pass r2
      complete r2
      lose 1 (sent)                 -> fails
      state r2, 1                   -> failed, leased
      peer closes 1 (peer_reset)
    `,
    expected: { moves: 0, replays: 0, closes: { peer_reset: 1 } },
  },
  {
    name: 'is not sent again where the connection was dialled for it',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      pass r1
      complete r1
      lose 1 (sent)                 -> fails
    `,
  },
  {
    name: 'is sent again where its connection was opened for warmth, and had been idle',
    steps: `
      warm 1                        -> dial 1 ahead
      open 1
      lease r1                      -> grant 1 to r1
      pass r1
      complete r1
      lose 1 (sent)                 -> take back r1 from 1, dial 2 for r1
    `,
    expected: { replays: 1 },
  },
  {
    name: 'is not sent again in part, nor where its body is gone, nor within its response',
    steps: `
      lease r1..r3                  -> dial 1..3 for r1..r3
      open 1..3                     -> grant 1..3 to r1..r3
      release 1..3
      lease in-part                 -> grant 3 to in-part
      lease streamed                -> grant 2 to streamed
      lease answered                -> grant 1 to answered
      pass in-part, streamed, answered
      complete streamed, answered
      answer answered
      lose 3 (sent)                 -> fails
      lose 2 (streamed)             -> fails
      lose 1 (sent)                 -> fails
    `,
    expected: { replays: 0, moves: 0 },
  },
  {
    name: 'goes on where it is lost while its connection is looked at, whatever else is said',
    options: { policy: { staleCheck: 'peek' } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      peek finds unsure at 1
      lease r2 (POST)               -> peek 1, grant 1 to r2 unsure
      check r2
      state r2                      -> checking
      lose 1 (streamed)             -> take back r2 from 1, dial 2 for r2
    `,
    expected: { moves: 1 },
  },
  {
    name: 'goes nowhere once it was aborted, or the pool destroyed',
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      abort r1
      lose 1 (unwritten)            -> fails
      destroy                       -> close 1..2: destroyed
      lose 2 (unwritten)            -> fails
      state r1, r2                  -> aborted, failed
      gone 1..2
    `,
    expected: { moves: 0, closes: { destroyed: 2 } },
  },
  {
    name: 'is no business of a connection that nobody has',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      release 1
      lose 1 (unwritten)            -> fails
      state 1                       -> idle
    `,
  },
  {
    name: 'takes no connection that another request gives back',
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      lose 2 (unwritten)            -> take back r2 from 2, dial 3 for r2
      release 1
      state 1                       -> idle
      open 3                        -> grant 3 to r2
    `,
  },
  {
    name: 'takes a dial that nobody waits for, and nothing else from then on',
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      warm 1                        -> dial 3 ahead
      lose 1 (unwritten)            -> take back r1 from 1
      release 2
      state 2                       -> idle
      open 3                        -> grant 3 to r1
    `,
  },
  {
    name: 'comes before the others of its origin, also where the caps allow no dial yet',
    options: { policy: { maxConnectingPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2                      -> dial 2 for r2
      lease r3
      lose 1 (unwritten)            -> take back r1 from 1
      open 2                        -> grant 2 to r2, dial 3 for r1
      open 3                        -> grant 3 to r1, dial 4 for r3
    `,
  },
  {
    name: 'comes before the others with early binding, too',
    options: { policy: { maxConnectingPerOrigin: 1, binding: 'early' } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2                      -> dial 2 for r2
      lease r3
      lose 1 (unwritten)            -> take back r1 from 1
      open 2                        -> grant 2 to r2, dial 3 for r1
      open 3                        -> grant 3 to r1, dial 4 for r3
    `,
  },
  {
    name: 'inherits a dial whose request has left before others do',
    options: { policy: { maxConnectingPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2                      -> dial 2 for r2
      lease r3
      lose 1 (unwritten)            -> take back r1 from 1
      cancel r2
      open 2                        -> grant 2 to r1, dial 3 for r3
    `,
  },
  {
    name: 'inherits such a dial also where nobody else waits',
    options: { policy: { maxConnectingPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2                      -> dial 2 for r2
      lose 1 (unwritten)            -> take back r1 from 1
      cancel r2
      open 2                        -> grant 2 to r1
    `,
  },
  {
    name: 'fails with its dial, and alone',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2                      -> dial 2 for r2
      lose 1 (unwritten)            -> take back r1 from 1, dial 3 for r1
      fail 3 (refused)              -> reject r1: refused
    `,
    expected: { rejections: 1, waiting: 1 },
  },
  {
    name: 'can be cancelled before and after its dial has begun',
    options: { policy: { maxConnectingPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2                      -> dial 2 for r2
      lose 1 (unwritten)            -> take back r1 from 1
      count waiting, queued         -> 2, 1
      cancel r1
      count waiting, queued         -> 1, 0
      open 2                        -> grant 2 to r2
      lose 2 (unwritten)            -> take back r2 from 2, dial 3 for r2
      cancel r2                     -> close 3: aborted
      gone 3
      origins
    `,
  },
  {
    name: 'can be cancelled within the very effect that takes it back',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      when take back r1 from 1, cancel r1
      lose 1 (unwritten)            -> take back r1 from 1
      state r1                      -> aborted
      origins
    `,
  },
  {
    name: 'waits no longer than others, counted from its loss',
    options: { policy: { acquireTimeoutMs: 100 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      at 50
      lose 1 (unwritten)            -> take back r1 from 1, dial 2 for r1
      at 149
      at 150                        -> reject r1: ERR_HOLDFAST_ACQUIRE_TIMEOUT, close 2: aborted
    `,
  },
  {
    name: 'is not kept out by a full queue, nor counted in it',
    options: { policy: { maxQueuedRequests: 1, maxConnectingPerOrigin: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2                      -> dial 2 for r2
      lose 1 (unwritten)            -> take back r1 from 1
      lease r3
      lease r4                      -> reject r4: ERR_HOLDFAST_QUEUE_FULL
      count waiting, queued         -> 3, 2
    `,
  },
  {
    name: 'is served while the pool drains, which does not end before',
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      drain
      lose 1 (unwritten)            -> take back r1 from 1, dial 2 for r1
      open 2                        -> grant 2 to r1
      release 2                     -> close 2: drained
    `,
  },
  {
    name: 'waits behind another origin that has waited longer for a place',
    options: { caps: { maxTotal: 1 } },
    steps: `
      lease r1                      -> dial 1 for r1
      open 1                        -> grant 1 to r1
      lease r2 of b
      lose 1 (unwritten)            -> take back r1 from 1, dial 2 for r2
      open 2                        -> grant 2 to r2
      release 2                     -> close 2: evicted
      gone 2                        -> dial 3 for r1
    `,
  },
  {
    name: 'has what its origin left idle longest make way under a lowered cap',
    steps: `
      lease r1..r3                  -> dial 1..3 for r1..r3
      open 1..3                     -> grant 1..3 to r1..r3
      release 2..3
      caps maxPerOrigin=2
      lose 1 (unwritten)            -> take back r1 from 1, close 2: evicted
      gone 2                        -> dial 4 for r1
    `,
  },
  {
    name: 'has its own origin make way under a lowered total, before another does',
    steps: `
      lease r1 of b, r2, r3         -> dial 1..3 for r1..r3
      open 1..3                     -> grant 1..3 to r1..r3
      release 1
      release 3
      caps maxTotal=2
      lose 2 (unwritten)            -> take back r2 from 2, close 3: evicted
      gone 3                        -> dial 4 for r2
    `,
  },
  {
    name: 'has another origin make way under a lowered total where its own cannot',
    steps: `
      lease r1, r2, r3 of b         -> dial 1..3 for r1..r3
      open 1..3                     -> grant 1..3 to r1..r3
      release 3
      caps maxTotal=2
      lose 2 (unwritten)            -> take back r2 from 2, close 3: evicted
    `,
  },
  {
    name: 'has nothing make way where something is closing already',
    steps: `
      lease r1..r3                  -> dial 1..3 for r1..r3
      open 1..3                     -> grant 1..3 to r1..r3
      release 2..3
      caps maxPerOrigin=2
      retire 2 (peer_fin)           -> close 2: peer_fin
      lose 1 (unwritten)            -> take back r1 from 1
      gone 2                        -> dial 4 for r1
    `,
  },
  {
    name: 'has the next connection make way that is given back, whoever else waits',
    options: { caps: { maxPerOrigin: 2 } },
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      lease r3
      caps maxPerOrigin=1
      lose 2 (unwritten)            -> take back r2 from 2
      release 1                     -> close 1: evicted
      gone 1                        -> dial 3 for r2
      open 3                        -> grant 3 to r2
      release 3                     -> grant 3 to r3
    `,
  },
  {
    name: 'has the next connection make way under a lowered total, too, and with nobody else there',
    options: { caps: { maxTotal: 2 } },
    steps: `
      lease r1..r2                  -> dial 1..2 for r1..r2
      open 1..2                     -> grant 1..2 to r1..r2
      caps maxTotal=1
      lose 2 (unwritten)            -> take back r2 from 2
      release 1                     -> close 1: evicted
    `,
  },
]
