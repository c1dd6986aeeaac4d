// Elasticsearch's client by Node's agents: HttpConnection, and a function that gives each node its agent.
import { Client, HttpConnection } from '@elastic/elasticsearch'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'

export const httpAgent = new HttpAgent()
export const httpsAgent = new HttpsAgent()

export const elasticAt = (node: string): Client =>
  new Client({
    node,
    Connection: HttpConnection,
    agent: ({ url }) => (url.protocol === 'https:' ? httpsAgent : httpAgent),
  })
