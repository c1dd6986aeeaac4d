/** How a server ends a connection, in the words of its last moments. */
export const ENDINGS = [
  'FIN right behind a response',
  'reset right behind a response',
  'FIN some time after a response',
  'reset some time after a response',
  'closed without reading the next request',
  'FIN upon the next request',
  'reset upon the next request',
  'FIN within the head of the next response',
  'reset within the head of the next response',
  'FIN behind the head of the next response',
  'FIN within the body of the next response',
  'FIN within a chunk of the next response',
  'reset within a chunk of the next response',
  'early hints for the next response, and FIN',
  'a 408 upon the next request, and FIN',
  'a last response that says so, and silence',
  'all connections closed at once behind a response',
  'half-closed, and reading on',
  'a 408 while idle, and FIN',
  'stray bytes in the segment of a response, and silence',
  'a second response in the segment of a response, and silence',
] as const

export type Ending = (typeof ENDINGS)[number]

/** What becomes of one connection. */
export interface ConnectionPlan {
  /** How many requests it answers before that; at least one. */
  readonly serves: number
  readonly ending: Ending
  /** When it ends, where it does so some time after its last response. */
  readonly delayMs: number
  /** Whether what it answers comes in chunks, with early hints before it. */
  readonly isChunked: boolean
}

const MAX_SERVED = 10
const MAX_DELAY_MS = 6
const CHUNKED_SHARE = 0.25

/** Draws what becomes of a connection. */
export const drawPlan = (random: () => number): ConnectionPlan => ({
  serves: 1 + Math.floor(random() * MAX_SERVED),
  ending: ENDINGS[Math.floor(random() * ENDINGS.length)] as Ending,
  delayMs: Math.floor(random() * MAX_DELAY_MS),
  isChunked: random() < CHUNKED_SHARE,
})
