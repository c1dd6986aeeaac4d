// got takes an agent for each protocol, together.
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import got from 'got'

export const httpAgent = new HttpAgent()
export const httpsAgent = new HttpsAgent()

export const client = got.extend({ agent: { http: httpAgent, https: httpsAgent } })
