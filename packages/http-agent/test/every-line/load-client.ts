/* A process that loads a server through an agent, says how it went, and lives until its input ends. */
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import process from 'node:process'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { TEST_IDENTITY } from './loopback.ts'
import { turnUntil } from './turn.ts'

/** What the process is told to do. */
export interface LoadPlan {
  readonly agent: 'HttpAgent' | 'HttpsAgent' | 'http.Agent'
  readonly options: ConstructorParameters<typeof HttpAgent>[0] & object
  readonly url: string
  readonly requests: number
  /** How many of them may be under way at once; 1 if left out. */
  readonly concurrency?: number
  /** After this many requests the client destroys their connection. */
  readonly destroyAfter?: number
  readonly stopAtError?: boolean
}

/** What came of it. */
export interface LoadOutcome {
  readonly answered: number
  /** How many requests failed, by code. */
  readonly errors: Readonly<Record<string, number>>
  readonly stats: ReturnType<HttpAgent['stats']> | undefined
}

const plan = JSON.parse(process.argv[2] as string) as LoadPlan
const { requests, concurrency = 1, destroyAfter = Number.POSITIVE_INFINITY } = plan

const createAgent = (): http.Agent => {
  if (plan.agent === 'http.Agent') return new http.Agent(plan.options as http.AgentOptions)
  if (plan.agent === 'HttpAgent') return new HttpAgent(plan.options)
  return new HttpsAgent({ ca: TEST_IDENTITY.cert, ...plan.options })
}

const agent = createAgent()
const get = plan.url.startsWith('https:') ? https.get : http.get
const errors: Record<string, number> = {}
const usesOf = new WeakMap<object, number>()
let answered = 0
let begun = 0

const ask = async (): Promise<void> => {
  const request = get(plan.url, { agent })
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
    begun++
    try {
      await ask()
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException
      errors[code] = (errors[code] ?? 0) + 1
      if (plan.stopAtError) begun = requests
    }
  }
}

await Promise.all(Array.from({ length: concurrency }, askInTurn))
if (agent instanceof HttpAgent || agent instanceof HttpsAgent) {
  await turnUntil(() => agent.stats().closing === 0)
}
const outcome: LoadOutcome = {
  answered,
  errors,
  stats: agent instanceof http.Agent && 'stats' in agent ? (agent as HttpAgent).stats() : undefined,
}
process.stdout.write(`${JSON.stringify(outcome)}\n`)
// Its sockets do not keep it alive; this does.
process.stdin.resume()
