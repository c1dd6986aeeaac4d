// @fastify/reply-from by Node's agents.
import replyFrom from '@fastify/reply-from'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import fastify, { type FastifyInstance } from 'fastify'

export const httpAgent = new HttpAgent()
export const httpsAgent = new HttpsAgent()

export const proxyTo = async (
  base: string,
  options: { readonly timeout?: number; readonly retriesCount?: number } = {},
): Promise<FastifyInstance> => {
  const app = fastify()
  const agents = { 'http:': httpAgent, 'https:': httpsAgent }
  await app.register(replyFrom, { base, http: { agents } })
  app.all('/*', (request, reply) => reply.from(request.url, options))
  return app
}
