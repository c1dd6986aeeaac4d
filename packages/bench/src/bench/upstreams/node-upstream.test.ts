import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { NodeUpstream } from './node-upstream.ts'
import { parseUpstream } from './upstream.ts'

const opened: NodeUpstream[] = []
const agents: http.Agent[] = []

afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy()
  await Promise.all(opened.splice(0).map((upstream) => upstream.close()))
})

async function open(options: string, groups = 1): Promise<NodeUpstream> {
  const parsed = parseUpstream(options === '' ? 'node' : `node:${options}`)
  if (parsed.kind !== 'node') throw new Error('no Node upstream')
  const plan = { groups, portsPerGroup: 1, tls: false }
  const upstream = await NodeUpstream.open(plan, parsed.options)
  opened.push(upstream)
  return upstream
}

const portOf = ({ groups }: NodeUpstream, group = 0): number => groups[group]?.[0] ?? 0

interface Answer {
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

async function get(port: number, agent: http.Agent): Promise<Answer> {
  agents.push(agent)
  const request = http.get({ host: '127.0.0.1', port, agent })
  const [answer] = (await once(request, 'response')) as [http.IncomingMessage]
  return { headers: answer.headers, body: await text(answer) }
}

/** Uses a connection once, leaves it idle, and tells how it ends. */
async function endOf(port: number): Promise<'fin' | 'reset'> {
  const socket = net.connect(port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  socket.resume()
  return await new Promise((resolve) => {
    socket.once('end', () => resolve('fin'))
    socket.once('error', () => resolve('reset'))
  })
}

describe('a Node upstream', () => {
  it('counts each group apart', async () => {
    const upstream = await open('', 2)
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    for (let request = 0; request < 3; request++) await get(portOf(upstream, 1), agent)
    expect(await upstream.counts(0)).toEqual({ requests: 0, connections: 0 })
    expect(await upstream.counts(1)).toEqual({ requests: 3, connections: 1 })
    expect(await upstream.uses(1)).toEqual([[3, 1]])
  })

  it('closes a connection after as many requests as it is told', async () => {
    const upstream = await open('maxRequests=2')
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    for (let request = 0; request < 6; request++) await get(portOf(upstream), agent)
    expect(await upstream.uses(0)).toEqual([[2, 3]])
  })

  it('answers with the size, and after the time, it is told', async () => {
    const upstream = await open('bodyBytes=1000,delayMs=30')
    const startedMs = performance.now()
    const { body } = await get(portOf(upstream), new http.Agent())
    expect(body).toHaveLength(1000)
    // A timer of Node may fire up to a millisecond early.
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(29)
  })

  it('announces its time-out, or does not', async () => {
    const agent = new http.Agent({ keepAlive: true })
    const telling = await get(portOf(await open('keepAliveTimeoutMs=7000')), agent)
    expect(telling.headers['keep-alive']).toBe('timeout=7')
    const silent = await get(portOf(await open('keepAliveTimeoutMs=7000,hint=false')), agent)
    expect(silent.headers['keep-alive']).toBeUndefined()
    expect(silent.headers.connection).toBe('keep-alive')
  })

  it('closes an idle connection as it is told', async () => {
    expect(await endOf(portOf(await open('keepAliveTimeoutMs=20')))).toBe('fin')
    expect(await endOf(portOf(await open('keepAliveTimeoutMs=20,close=reset')))).toBe('reset')
  })
})
