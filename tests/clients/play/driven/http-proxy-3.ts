import { ServerResponse } from 'node:http'
import { httpAgent, httpsAgent, proxyTo } from '../../../../examples/http-proxy-3.ts'
import type { Client } from '../client.ts'
import { clientBehind } from '../front.ts'

export const client: Client = clientBehind([httpAgent, httpsAgent], (origin, proxyTimeout) => {
  const proxy = proxyTo(origin, { proxyTimeout })
  proxy.on('error', (error, _request, response) => {
    if (response instanceof ServerResponse) response.writeHead(502).end(error.message)
  })
  return (request, response) => proxy.web(request, response)
})
