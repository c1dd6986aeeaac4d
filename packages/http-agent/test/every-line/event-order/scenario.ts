import http from 'node:http'
import https from 'node:https'
import type { TestContext } from 'node:test'
import { HttpAgent, type HttpAgentOptions, HttpsAgent } from '@holdfast/http-agent'
import { TEST_IDENTITY } from '../loopback.ts'
import { serveOrder } from './order-server.ts'
import { Stage } from './stage.ts'
import { startSwiftServer } from './swift-server.ts'

export type Transport = 'TCP' | 'TLS'

/** Whose agent it is played with. */
export type Maker = 'Node' | 'Holdfast'

/** What a client does, and waits for. */
export interface Scenario {
  readonly name: string
  /** Options of the agent, besides `keepAlive`. */
  readonly agent?: HttpAgentOptions
  /** Whether the server is one that can answer before the loop turns. */
  readonly isSwift?: boolean
  readonly play: (stage: Stage) => Promise<void> | void
}

const makeAgent = (maker: Maker, transport: Transport, given: HttpAgentOptions): http.Agent => {
  const options = { keepAlive: true, ...given }
  if (transport === 'TCP') {
    return maker === 'Node' ? new http.Agent(options) : new HttpAgent(options)
  }
  const secure = { ca: TEST_IDENTITY.cert, ...options }
  return maker === 'Node' ? new https.Agent(secure) : new HttpsAgent(secure)
}

/** Plays a scenario, and tells what its client has seen. */
export const playScenario = async (
  context: TestContext,
  { agent: options = {}, isSwift = false, play }: Scenario,
  maker: Maker,
  transport: Transport,
): Promise<readonly string[]> => {
  const isSecure = transport === 'TLS'
  const server = await (isSwift ? startSwiftServer(isSecure) : serveOrder(context, isSecure))
  const agent = makeAgent(maker, transport, options)
  const stage = new Stage(agent, server, context.signal)
  try {
    await play(stage)
    await stage.settle()
    return stage.log.end()
  } finally {
    stage.log.end()
    agent.destroy()
    await server.close()
  }
}
