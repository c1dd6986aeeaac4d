import type { MessagePort } from 'node:worker_threads'
import type { Answers } from './answers.ts'

/**
 * How a server behaves: it answers; or never; or only after one redirect; or with a long body; or it ends the
 * connection of the second request, once it has read it.
 */
export type Manner = 'answers' | 'hangs' | 'redirects' | 'sends much' | 'drops the second'

/** How it ends its connections. */
export type Ending = 'fin' | 'reset'

/** Where the counts of a server stand. */
export const COUNT = { everOpened: 0, open: 1, requests: 2 } as const

export interface Opening {
  readonly manner: Manner
  readonly isSecure: boolean
  readonly answers: Answers
  readonly counts: Int32Array
  /** The path of a socket to listen on instead of a port. */
  readonly path: string | undefined
}

export interface End {
  readonly port: number
  readonly ending: Ending
  readonly delayMs: number
}

export type Order = { readonly open: Opening } | { readonly end: End }

/** What the thread is told at its start. */
export interface Wires {
  readonly orders: MessagePort
  /** How many orders it has carried out. */
  readonly carriedOut: Int32Array
  readonly identity: { readonly key: string; readonly cert: string }
}

/** How long an answer is where the server sends much. */
export const MUCH = 1_000_000
