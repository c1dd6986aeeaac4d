// @fastify/reply-from takes a dispatcher in the place of its undici.
import replyFrom from '@fastify/reply-from'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import fastify, { type FastifyInstance } from 'fastify'

export const dispatcher = new KeepAliveDispatcher()

export const proxyTo = async (
  base: string,
  options: { readonly timeout?: number; readonly retriesCount?: number } = {},
): Promise<FastifyInstance> => {
  const app = fastify()
  // Its types are those of undici 7; with undici 8 installed they do not take what works.
  const undici: object = dispatcher
  await app.register(replyFrom, { base, undici })
  app.all('/*', (request, reply) => reply.from(request.url, options))
  return app
}
