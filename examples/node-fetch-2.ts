// node-fetch 2 takes one agent, or a function that chooses it.
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import fetch, { type RequestInit, type Response } from 'node-fetch2'

export const httpAgent = new HttpAgent()
export const httpsAgent = new HttpsAgent()

const agent = ({ protocol }: URL): HttpAgent | HttpsAgent =>
  protocol === 'https:' ? httpsAgent : httpAgent

export const keptFetch = (url: string, options: RequestInit = {}): Promise<Response> =>
  fetch(url, { agent, ...options })
