import http from 'node:http'
import https from 'node:https'
import {
  PATIENCE_MS,
  type StormAnswer,
  type StormCaller,
  type StormRequest,
} from './storm-caller.ts'

const send = (
  agent: http.Agent,
  { origin, path, method, body = '', isStreamed }: StormRequest,
): Promise<StormAnswer> =>
  new Promise((resolve, reject) => {
    const outgoing = (origin.startsWith('https:') ? https : http).request(origin + path, {
      agent,
      method,
      headers: { 'Content-Length': body.length },
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    outgoing.on('error', reject)
    outgoing.on('response', (response) => {
      let text = ''
      response.on('data', (bytes) => {
        text += bytes
      })
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
    })
    if (isStreamed) {
      outgoing.write(body.slice(0, 1))
      setImmediate(() => outgoing.end(body.slice(1)))
    } else {
      outgoing.end(body)
    }
  })

/** Requests of Node through an agent. */
export const callByAgent = (agent: http.Agent): StormCaller => ({
  send: (request) => send(agent, request),
  destroy: () => agent.destroy(),
  describesFailures: true,
})
