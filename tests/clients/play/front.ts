import { once } from 'node:events'
import http, { type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type Asked, byteLength, clientThatAsks } from './ask.ts'
import type { Client } from './client.ts'

/** Answers requests by way of a proxy to an origin, in no more time than is given. */
export type ListenerFor = (origin: string, timeoutMs: number) => RequestListener

const LONG_MS = 600_000

/** Serves as long as somebody asks; it keeps no process alive. */
const serve = async (listener: RequestListener): Promise<string> => {
  const server = http.createServer(listener)
  server.on('connection', (socket) => socket.unref())
  server.listen(0, '127.0.0.1').unref()
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/**
 * A proxy as a client: each request goes to a server in front of the proxy, and from there by the pool to its
 * origin.
 */
export const clientBehind = (pools: Client['pools'], listenerFor: ListenerFor): Client => {
  const fronts = new http.Agent({ keepAlive: true })
  let deed = (): void => undefined

  const respond = async ({ url, method, body, signal, timeoutMs = LONG_MS }: Asked) => {
    const forward = listenerFor(new URL(url).origin, timeoutMs)
    const front = await serve((incoming, reply) => {
      deed()
      deed = () => undefined
      forward(incoming, reply)
    })
    const options = { method, agent: fronts, ...(signal === undefined ? {} : { signal }) }
    const outgoing = http.request(front, options)
    if (body instanceof Readable) body.pipe(outgoing)
    else outgoing.end(body)
    const [response] = (await once(outgoing, 'response')) as [http.IncomingMessage]
    return response
  }

  const ask = async (asked: Asked): Promise<string> => {
    const response = await respond(asked)
    const answer = await text(response)
    if (response.statusCode !== 200) throw new Error(`${response.statusCode}: ${answer}`)
    return answer
  }

  const client = clientThatAsks(pools, ask, async (url) =>
    byteLength(await respond({ url, method: 'GET' })),
  )
  return {
    ...client,
    beforeNext: (next) => {
      deed = next
    },
  }
}
