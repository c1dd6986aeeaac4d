// An agent of agent-base may hand each request to another agent; HttpsProxyAgent stands beside it.
import type { ClientRequest } from 'node:http'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { Agent, type AgentConnectOpts } from 'agent-base'
import { HttpsProxyAgent } from 'https-proxy-agent'

export const httpAgent = new HttpAgent()
export const httpsAgent = new HttpsAgent()

class KeptAgent extends Agent {
  connect(_request: ClientRequest, { secureEndpoint }: AgentConnectOpts): HttpAgent | HttpsAgent {
    return secureEndpoint ? httpsAgent : httpAgent
  }
}

export const agent = new KeptAgent({ keepAlive: true })

export const agentBehind = (proxy: string): HttpsProxyAgent<string> =>
  new HttpsProxyAgent(proxy, { keepAlive: true })
