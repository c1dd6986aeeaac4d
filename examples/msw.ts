// msw answers what it mocks; everything else goes through the agent.
import nodeHttp from 'node:http'
import https from 'node:https'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { HttpResponse, http, passthrough } from 'msw'
import { setupServer } from 'msw/node'

export const httpAgent = new HttpAgent()
export const httpsAgent = new HttpsAgent()

setupServer(
  http.get('http://mocked.example/', () => HttpResponse.text('mocked')),
  http.all('*', () => passthrough()),
).listen()

export const request = (
  url: string,
  options: nodeHttp.RequestOptions = {},
): nodeHttp.ClientRequest =>
  url.startsWith('https:')
    ? https.request(url, { agent: httpsAgent, ...options })
    : nodeHttp.request(url, { agent: httpAgent, ...options })
