/* A process that loads a server through an agent, says how it went, and lives until its input ends. */
import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import process from 'node:process'
import { PORT_EVENT_TYPES, type PortEvent } from '@holdfast/core'
import { DIAGNOSTICS_CHANNELS, HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { TEST_IDENTITY } from './loopback.ts'
import { turnUntil } from './turn.ts'

/** What the process is told to do. */
export interface LoadPlan {
  readonly agent: 'HttpAgent' | 'HttpsAgent' | 'http.Agent'
  readonly options: ConstructorParameters<typeof HttpAgent>[0] & object
  /** What is asked for, in turn. */
  readonly urls: readonly string[]
  readonly requests: number
  /** How many of them may be under way at once; 1 if left out. */
  readonly concurrency?: number
  /** After this many requests the client destroys their connection. */
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
  readonly stats: ReturnType<HttpAgent['stats']> | undefined
  /** What was told of ephemeral ports, in order. */
  readonly portEvents: readonly PortEvent[]
}

const plan = JSON.parse(process.argv[2] as string) as LoadPlan
const { requests, concurrency = 1, destroyAfter = Number.POSITIVE_INFINITY } = plan

const createAgent = (): http.Agent => {
  if (plan.agent === 'http.Agent') return new http.Agent(plan.options as http.AgentOptions)
  if (plan.agent === 'HttpAgent') return new HttpAgent(plan.options)
  return new HttpsAgent({ ca: TEST_IDENTITY.cert, ...plan.options })
}

const agent = createAgent()
const get = agent instanceof https.Agent ? https.get : http.get
const errors: Record<string, number> = {}
const portEvents: PortEvent[] = []
for (const type of PORT_EVENT_TYPES) {
  subscribe(DIAGNOSTICS_CHANNELS[type], (event) => portEvents.push(event as PortEvent))
}
const usesOf = new WeakMap<object, number>()
let answered = 0
let begun = 0

const ask = async (url: string): Promise<void> => {
  const request = get(url, { agent })
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  const { socket } = response
  response.resume()
  await once(request, 'close')
  answered++
  const uses = (usesOf.get(socket) ?? 0) + 1
  usesOf.set(socket, uses)
  if (uses >= destroyAfter) socket.destroy()
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
if (agent instanceof HttpAgent || agent instanceof HttpsAgent) {
  await turnUntil(() => agent.stats().closing + (plan.untilEmpty ? agent.stats().idle : 0) === 0)
}
const outcome: LoadOutcome = {
  answered,
  errors,
  stats: agent instanceof HttpAgent || agent instanceof HttpsAgent ? agent.stats() : undefined,
  portEvents,
}
process.stdout.write(`${JSON.stringify(outcome)}\n`)
// Its sockets do not keep it alive; this does.
process.stdin.resume()
