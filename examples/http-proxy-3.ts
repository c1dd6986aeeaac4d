// http-proxy-3 takes the agent for its target.
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { createProxyServer, type ProxyServer, type ServerOptions } from 'http-proxy-3'

export const httpAgent = new HttpAgent()
export const httpsAgent = new HttpsAgent()

export const proxyTo = (target: string, options: ServerOptions = {}): ProxyServer =>
  createProxyServer({
    target,
    agent: target.startsWith('https:') ? httpsAgent : httpAgent,
    ...options,
  })
