// nock answers what it mocks; everything else goes through the agent.
import http from 'node:http'
import https from 'node:https'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import nock from 'nock'

export const httpAgent = new HttpAgent()
export const httpsAgent = new HttpsAgent()

nock('http://mocked.example').get('/').times(3).reply(200, 'mocked')

export const request = (url: string, options: http.RequestOptions = {}): http.ClientRequest =>
  url.startsWith('https:')
    ? https.request(url, { agent: httpsAgent, ...options })
    : http.request(url, { agent: httpAgent, ...options })
