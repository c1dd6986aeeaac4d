import type { ClientRequest } from 'node:http'
import type { TestContext } from 'node:test'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { exchange } from './exchange.ts'
import { forTest, TEST_IDENTITY } from './loopback.ts'
import { failingSecond, type RawArrival, type RawServer, serveRaw } from './raw-server.ts'

export type Policy = NonNullable<ConstructorParameters<typeof HttpAgent>[0]>['policy']

export const TRANSPORTS = {
  TCP: (policy?: Policy) => new HttpAgent({ policy: { ...policy } }),
  TLS: (policy?: Policy) => new HttpsAgent({ ca: TEST_IDENTITY.cert, policy: { ...policy } }),
} as const

/** How a server ends a connection whose request it has read. */
export const ENDINGS: Readonly<Record<string, (arrival: RawArrival) => void>> = {
  'a FIN': ({ socket }) => socket.end(),
  'a reset': ({ transport }) => transport.resetAndDestroy(),
  'a FIN of TCP alone': ({ transport }) => transport.destroy(),
}

export const fin = ENDINGS['a FIN'] as (arrival: RawArrival) => void

export interface Reused {
  readonly server: RawServer
  readonly agent: HttpAgent
  readonly port: number
}

/** An agent with one idle connection, whose second request the server fails. */
export const reuse = async (
  context: TestContext,
  policy?: Policy,
  fail: (arrival: RawArrival) => void = fin,
): Promise<Reused> => {
  const server = await serveRaw(context, false, failingSecond(fail))
  const agent = forTest(context, TRANSPORTS.TCP(policy))
  await exchange({ agent, port: server.port })
  return { server, agent, port: server.port }
}

export const bodiesOf = ({ arrivals }: RawServer): string[] =>
  arrivals.map(({ text }) => text.slice(text.indexOf('\r\n\r\n') + 4))

export const namesOf = (request: ClientRequest): string[] => {
  const names: string[] = []
  for (const name of ['socket', 'prefinish', 'finish', 'response', 'error', 'abort', 'close']) {
    request.on(name, () => names.push(name))
  }
  return names
}
