// Node's own http.request and https.request.
import http from 'node:http'
import https from 'node:https'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'

export const httpAgent = new HttpAgent()
export const httpsAgent = new HttpsAgent()

export const request = (url: string, options: http.RequestOptions = {}): http.ClientRequest =>
  url.startsWith('https:')
    ? https.request(url, { agent: httpsAgent, ...options })
    : http.request(url, { agent: httpAgent, ...options })
