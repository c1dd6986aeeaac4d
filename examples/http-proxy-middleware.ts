// http-proxy-middleware takes the agent for its target.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { createProxyMiddleware, type Options, type RequestHandler } from 'http-proxy-middleware'

export const httpAgent = new HttpAgent()
export const httpsAgent = new HttpsAgent()

export const proxyTo = (
  target: string,
  options: Options = {},
): RequestHandler<IncomingMessage, ServerResponse> =>
  createProxyMiddleware({
    target,
    agent: target.startsWith('https:') ? httpsAgent : httpAgent,
    ...options,
  })
