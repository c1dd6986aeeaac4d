/* A process that asks a server whenever it is told to, a line of input at a time, and says how it went. */
import { once } from 'node:events'
import http from 'node:http'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { HttpAgent } from '@holdfast/http-agent'

/** What the process is told to do. */
export interface PathPlan {
  readonly agent: 'HttpAgent' | 'http.Agent'
  readonly options: ConstructorParameters<typeof HttpAgent>[0] & object
  readonly url: string
}

/** A line of input: a request to be made, or the question when a connection was lost. */
export type PathOrder =
  | { readonly ask: 'GET' | 'POST'; readonly path?: string; readonly giveUpAfterMs: number }
  | { readonly untilLost: true }

/** What came of it. */
export interface PathNews {
  readonly status?: number | undefined
  /** The code of the error. */
  readonly error?: string | undefined
  readonly isReused?: boolean
  readonly closes?: ReturnType<HttpAgent['stats']>['closes'] | undefined
  /** When it was over, in milliseconds of the machine's clock. */
  readonly atMs: number
}

const plan = JSON.parse(process.argv[2] as string) as PathPlan
const agent =
  plan.agent === 'HttpAgent'
    ? new HttpAgent(plan.options)
    : new http.Agent(plan.options as http.AgentOptions)

let lastSocket: NodeJS.EventEmitter | undefined

const ask = async ({
  ask: method,
  path = '/ok',
  giveUpAfterMs,
}: Extract<PathOrder, { readonly ask: string }>): Promise<Omit<PathNews, 'atMs'>> => {
  const body = method === 'POST' ? 'body' : undefined
  const request = http.request(new URL(path, plan.url), { agent, method })
  const giveUp = setTimeout(() => {
    request.destroy(Object.assign(new Error('gave up'), { code: 'GAVE_UP' }))
  }, giveUpAfterMs)
  request.end(body)
  try {
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    lastSocket = response.socket
    response.resume()
    await once(request, 'close')
    return { status: response.statusCode, isReused: request.reusedSocket }
  } catch (error) {
    return { error: String((error as NodeJS.ErrnoException).code), isReused: request.reusedSocket }
  } finally {
    clearTimeout(giveUp)
  }
}

const untilLost = async (): Promise<Omit<PathNews, 'atMs'>> => {
  // The socket is idle, and does not keep the process alive; its input does.
  await new Promise((resolve) => {
    lastSocket?.once('close', resolve)
  })
  return {}
}

for await (const line of createInterface(process.stdin)) {
  const order = JSON.parse(line) as PathOrder
  const outcome = 'ask' in order ? await ask(order) : await untilLost()
  const closes = agent instanceof HttpAgent ? agent.stats().closes : undefined
  const news: PathNews = { ...outcome, closes, atMs: Date.now() }
  process.stdout.write(`${JSON.stringify(news)}\n`)
}
