/* A process that asks a server whenever it is told to, a line of input at a time, and says how it went. */
import process from 'node:process'
import { createInterface } from 'node:readline'
import type { DriverStats } from '@holdfast/http-agent'
import { type ClientName, type ClientOptions, createClient } from './driven-client.ts'

/** What the process is told to do. */
export interface PathPlan {
  readonly client: ClientName
  readonly options: ClientOptions
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
  readonly closes?: DriverStats['closes'] | undefined
  /** When it was over, in milliseconds of the machine's clock. */
  readonly atMs: number
}

const plan = JSON.parse(process.argv[2] as string) as PathPlan
const client = createClient(plan.client, plan.options)

type Ask = Extract<PathOrder, { readonly ask: string }>

const codeOf = (error: unknown): string => {
  const { code, name } = error as NodeJS.ErrnoException
  return String(name === 'AbortError' ? 'GAVE_UP' : code)
}

const ask = async ({
  ask: method,
  path = '/ok',
  giveUpAfterMs,
}: Ask): Promise<Partial<PathNews>> => {
  const giveUp = new AbortController()
  const timer = setTimeout(() => giveUp.abort(), giveUpAfterMs)
  try {
    const { status, isReused } = await client.ask(new URL(path, plan.url), method, giveUp.signal)
    return { status, isReused }
  } catch (error) {
    return { error: codeOf(error), isReused: (error as { readonly isReused: boolean }).isReused }
  } finally {
    clearTimeout(timer)
  }
}

const untilLost = async (): Promise<Partial<PathNews>> => {
  // The socket is idle, and does not keep the process alive; its input does.
  await client.lost()
  return {}
}

for await (const line of createInterface(process.stdin)) {
  const order = JSON.parse(line) as PathOrder
  const outcome = 'ask' in order ? await ask(order) : await untilLost()
  const news: PathNews = { ...outcome, closes: client.stats()?.closes, atMs: Date.now() }
  process.stdout.write(`${JSON.stringify(news)}\n`)
}
