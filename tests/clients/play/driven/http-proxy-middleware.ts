import { httpAgent, httpsAgent, proxyTo } from '../../../../examples/http-proxy-middleware.ts'
import type { Client } from '../client.ts'
import { clientBehind } from '../front.ts'

export const client: Client = clientBehind([httpAgent, httpsAgent], (origin, proxyTimeout) => {
  const proxy = proxyTo(origin, { proxyTimeout })
  return async (request, response) => {
    await proxy(request, response, () => undefined)
  }
})
