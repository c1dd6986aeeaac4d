import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { agent, agentBehind, httpAgent, httpsAgent } from '../../../../examples/agent-base.ts'
import type { Check } from '../check.ts'
import type { Client } from '../client.ts'
import { type BeginRequest, clientOfNode } from '../node-request.ts'

const beginWith =
  (chosen: http.Agent): BeginRequest =>
  (url, options) =>
    url.startsWith('https:')
      ? https.request(url, { agent: chosen, ...options })
      : http.request(url, { agent: chosen, ...options })

export const client: Client = clientOfNode([httpAgent, httpsAgent], beginWith(agent))

const throughProxy: Check = async ({ open }) => {
  const proxy = http.createServer()
  let tunnels = 0
  proxy.on('connect', ({ url = '' }, socket) => {
    tunnels++
    const port = Number(url.split(':').at(-1))
    const upstream = connect({ port, host: '127.0.0.1' }, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('error', () => upstream.destroy())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const proxied = agentBehind(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
  const throughTunnel = clientOfNode([], beginWith(proxied))
  const { origin } = open('answers')
  for (let count = 0; count < 3; count++) {
    assert.equal(await throughTunnel.get(origin, {}), 'ok')
    assert.equal(await client.get(origin, {}), 'ok')
  }
  assert.equal(tunnels, 1)
  proxied.destroy()
  proxy.close()
}

export const more: Readonly<Record<string, Check>> = {
  'HttpsProxyAgent beside it': throughProxy,
}
