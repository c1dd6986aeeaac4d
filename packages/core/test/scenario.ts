import type { OriginStats } from '../src/connection/stats.ts'
import type { Scheduling } from '../src/idle/idle-set.ts'
import type { Caps } from '../src/options/caps.ts'
import type { PolicyOptions } from '../src/policies/policy-options.ts'

/**
 * A story with a pool, told as a table: what happens on the left of `->`, everything that the pool
 * makes happen on the right. Connections go by their ids, which count from 1 in the order of the
 * dials; requests go by names. `1..3` stands for `1`, `2`, `3`, also within an effect, and
 * `peek 1..3 + close 1..3: peer_fin` for both of each in turn.
 *
 * | what happens | |
 * |---|---|
 * | `lease r1` `lease r1 of b` `lease r1 (POST)` | a request asks for a connection, of origin `a` and by GET unless told otherwise |
 * | `check r1` `pass r1` `complete r1` `answer r1` | its connection is looked at once more; it begins to be written; all of it is; the first byte of a response has come |
 * | `abort r1` | its caller gives it up while it has a connection |
 * | `lose 1 (unwritten)` `(sent)` `(streamed)` | the request loses the connection: nothing of it was written; what was is at hand; or is not |
 * | `warm 2` `warm 2 of b` | so many connections of the origin are to be idle; the right side tells the dials |
 * | `cancel r1` | it wants none any more |
 * | `open 1` `fail 1 (refused)` | a dial succeeds, or fails with this error |
 * | `release 1` `detach 1` | the request gives its connection back, or keeps it for good |
 * | `retire 1 (max_age)` | the connection takes no further request |
 * | `peer closes 1 (peer_fin)` | the connection is gone, for this reason |
 * | `gone 1` | what was asked to close has closed |
 * | `server says 1: timeout=5` | a response brings a `Keep-Alive` header |
 * | `peek finds peer_fin at 1` | what a look at the connection finds from now on |
 * | `at 5000` | the clock stands at that instant, and the pool does what is due |
 * | `busy until 5000` | the clock stands at that instant, and nobody has told the pool |
 * | `caps maxTotal=2` | a cap changes |
 * | `drain` `refuse` `destroy` | the pool ends: serves who waits, refuses them, or closes everything |
 * | `when close 1: evicted, gone 1` | from within that effect, once, this happens |
 * | `state 1` `state r1` `count idle` `origins` `deadline` `error r1` `events` | asks; the right side answers |
 */
export interface Scenario {
  /** What the pool does, as a sentence. */
  readonly name: string
  /** Whatever is left out never limits anything; there is no peek unless one is asked for. */
  readonly options?: {
    readonly policy?: PolicyOptions
    readonly caps?: Partial<Caps>
    readonly scheduling?: Scheduling
    /** The random number of each connection, in the order of the dials, over and over. */
    readonly births?: readonly number[]
    /** Whether every peer can be left to close first. */
    readonly lingers?: boolean
  }
  readonly steps: string
  /** What the pool has counted in the end. */
  readonly expected?: Partial<OriginStats>
}
