import type { Client } from './client.ts'
import type { Answers } from './server/answers.ts'
import type { Manner } from './server/orders.ts'
import type { CheckServer } from './server/servers.ts'

/** What a check works with. */
export interface Bench {
  readonly client: Client
  readonly open: (manner: Manner) => CheckServer
}

/** A check, which throws where it fails. */
export type Check = (bench: Bench) => Promise<void>

/** What the file of a client exports. */
export interface Driven {
  readonly client: Client
  /** What its server answers; the bare answer, unless it says otherwise. */
  readonly answers?: Answers
  /** What else this client is tried with, by name. */
  readonly more?: Readonly<Record<string, Check>>
}
