// needle takes an agent with each request.
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import needle, { type NeedleOptions } from 'needle'

export const httpAgent = new HttpAgent()
export const httpsAgent = new HttpsAgent()

export const keptOptions = (url: string): NeedleOptions => ({
  agent: url.startsWith('https:') ? httpsAgent : httpAgent,
})

export const get = (url: string): Promise<needle.NeedleResponse> =>
  needle('get', url, keptOptions(url))
