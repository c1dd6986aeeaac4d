import { createServer, type Socket } from 'node:net'
import process, { argv } from 'node:process'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import type { Dispatcher } from 'undici'
import { HANDLER_STAGES } from './throwing-stages.ts'
import { UNDICI_VERSIONS, type Undici, type UndiciVersion } from './undici-versions.ts'

type Stage = (typeof HANDLER_STAGES)[number]

/** What came of it. */
export interface Outcome {
  /** What the handler of the first request heard. */
  readonly heard: readonly string[]
  /** What the requests after it were answered. */
  readonly answers: readonly string[]
  readonly uncaught: readonly string[]
  readonly connecting: number
  readonly leased: number
  readonly waiting: number
}

const THROWN = 'thrown by the test'
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const fail = (): never => {
  throw new Error(THROWN)
}

const uncaught: string[] = []
process.on('uncaughtException', ({ message }) => {
  if (!uncaught.includes(message)) uncaught.push(message)
})

/** Ends each connection with its first request where the stage is that of an error. */
const serve = async (
  stage: string,
): Promise<{ readonly origin: string; readonly close: () => void }> => {
  const sockets = new Set<Socket>()
  let isFirst = true
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', () => {
      if (isFirst && (stage === 'error' || stage === 'disconnect')) socket.destroy()
      else socket.write(OK)
      isFirst = false
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as { port: number }
  const close = (): void => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  return { origin: `http://127.0.0.1:${port}`, close }
}

const sendThrowing = async (
  dispatcher: Dispatcher,
  origin: string,
  stage: Stage | undefined,
): Promise<string[]> => {
  const heard: string[] = []
  const hear = (what: Stage): void => {
    heard.push(what)
    if (what === stage) fail()
  }
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: () => hear('start'),
    onResponseStart: () => hear('response'),
    onResponseData: () => hear('data'),
    onResponseEnd: () => hear('end'),
    onResponseError: () => hear('error'),
  }
  try {
    dispatcher.dispatch({ origin, path: '/', method: 'POST', body: 'body' }, handler)
  } catch (error) {
    heard.push(`dispatch threw: ${(error as Error).message}`)
  }
  const deadline = Date.now() + 2000
  while (!(heard.includes('end') || heard.includes('error')) && Date.now() < deadline) {
    await new Promise((resolve) => {
      setTimeout(resolve, 5)
    })
  }
  return heard
}

const ask = async (undici: Undici, dispatcher: Dispatcher, origin: string): Promise<string> => {
  const signal = AbortSignal.timeout(3000)
  try {
    const { body } = await undici.request(origin, { dispatcher, signal })
    return await body.text()
  } catch (error) {
    return (error as Error).name
  }
}

const play = async (undici: Undici, dispatcher: Dispatcher, what: string): Promise<Outcome> => {
  uncaught.length = 0
  const isStage = (HANDLER_STAGES as readonly string[]).includes(what)
  const { origin, close } = await serve(what)
  if (!isStage) dispatcher.once(what as 'connect', fail)
  // A dial that fails; the port is nobody's.
  if (what === 'connectionError') await ask(undici, dispatcher, 'http://127.0.0.1:1')
  const heard = await sendThrowing(dispatcher, origin, isStage ? (what as Stage) : undefined)
  const answers = [
    ...(await Promise.all([ask(undici, dispatcher, origin), ask(undici, dispatcher, origin)])),
    await ask(undici, dispatcher, origin),
  ]
  const stats = dispatcher instanceof KeepAliveDispatcher ? dispatcher.stats() : undefined
  await dispatcher.destroy()
  close()
  const { connecting = 0, leased = 0, waiting = 0 } = stats ?? {}
  return { heard, answers, uncaught: [...uncaught], connecting, leased, waiting }
}

const [, , version, scene] = argv as [string, string, string, string]
const { undici: module } = UNDICI_VERSIONS.find(({ name }) => name === version) as UndiciVersion
const ours = await play(module, new KeepAliveDispatcher({ undici: module, connections: 1 }), scene)
// With undici, requests wait forever after some listeners that throw.
const isHandler = (HANDLER_STAGES as readonly string[]).includes(scene)
const theirs = isHandler
  ? await play(module, new module.Agent({ connections: 1 }), scene)
  : undefined
process.stdout.write(JSON.stringify({ ours, theirs }))
