import { httpAgent, httpsAgent, proxyTo } from '../../../../examples/reply-from-http.ts'
import type { Client } from '../client.ts'
import { clientBehind } from '../front.ts'

export const client: Client = clientBehind([httpAgent, httpsAgent], (origin, timeout) => {
  const ready = proxyTo(origin, { timeout, retriesCount: 0 }).then(async (app) => {
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    await app.ready()
    return app
  })
  return async (request, response) => {
    const app = await ready
    app.routing(request, response)
  }
})
