/* A process that loads a server through an agent or a dispatcher, says how it went, and lives until its input ends. */
import { subscribe } from 'node:diagnostics_channel'
import process from 'node:process'
import { PORT_EVENT_TYPES, type PortEvent } from '@holdfast/core'
import { DIAGNOSTICS_CHANNELS, type DriverStats } from '@holdfast/http-agent'
import { type ClientName, type ClientOptions, createClient } from './driven-client.ts'
import { turnUntil } from './turn.ts'

/** What the process is told to do. */
export interface LoadPlan {
  readonly client: ClientName
  readonly options: ClientOptions
  /** What is asked for, in turn. */
  readonly urls: readonly string[]
  readonly requests: number
  /** How many of them may be under way at once; 1 if left out. */
  readonly concurrency?: number
  /** After this many requests, one at a time, the client destroys their connection. */
  readonly destroyAfter?: number
  readonly stopAtError?: boolean
  /** Whether to wait, in the end, until no connection is left. */
  readonly untilEmpty?: boolean
}

/** What came of it. */
export interface LoadOutcome {
  readonly answered: number
  /** How many requests failed, by code. */
  readonly errors: Readonly<Record<string, number>>
  readonly stats: DriverStats | undefined
  /** What was told of ephemeral ports, in order. */
  readonly portEvents: readonly PortEvent[]
}

const plan = JSON.parse(process.argv[2] as string) as LoadPlan
const { requests, concurrency = 1, destroyAfter = Number.POSITIVE_INFINITY } = plan

const client = createClient(plan.client, plan.options)
const errors: Record<string, number> = {}
const portEvents: PortEvent[] = []
for (const type of PORT_EVENT_TYPES) {
  subscribe(DIAGNOSTICS_CHANNELS[type], (event) => portEvents.push(event as PortEvent))
}
let answered = 0
let begun = 0

const ask = async (url: string): Promise<void> => {
  const { destroy } = await client.ask(url, 'GET')
  answered++
  if (answered % destroyAfter === 0) destroy()
}

const askInTurn = async (): Promise<void> => {
  while (begun < requests) {
    const url = plan.urls[begun % plan.urls.length] as string
    begun++
    try {
      await ask(url)
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException
      errors[code] = (errors[code] ?? 0) + 1
      if (plan.stopAtError) begun = requests
    }
  }
}

await Promise.all(Array.from({ length: concurrency }, askInTurn))
await turnUntil(() => {
  const { closing = 0, idle = 0 } = client.stats() ?? {}
  return closing + (plan.untilEmpty ? idle : 0) === 0
})
const outcome: LoadOutcome = { answered, errors, stats: client.stats(), portEvents }
process.stdout.write(`${JSON.stringify(outcome)}\n`)
// Its sockets do not keep it alive; this does.
process.stdin.resume()
