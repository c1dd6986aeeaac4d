// gaxios, on which Google's clients stand, takes one agent, or a function that chooses it.
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { Gaxios } from 'gaxios'

export const httpAgent = new HttpAgent()
export const httpsAgent = new HttpsAgent()

export const client = new Gaxios({
  agent: ({ protocol }) => (protocol === 'https:' ? httpsAgent : httpAgent),
})
