// superagent takes an agent with each request; a plugin sets it for all of them.
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import superagent, { type SuperAgentRequest } from 'superagent'

export const httpAgent = new HttpAgent()
export const httpsAgent = new HttpsAgent()

const kept = (request: SuperAgentRequest): void => {
  request.agent(request.url.startsWith('https:') ? httpsAgent : httpAgent)
}

export const client = superagent.agent().use(kept)
