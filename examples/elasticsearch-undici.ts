// Elasticsearch's client by undici, which is its default.
import { Client } from '@elastic/elasticsearch'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'

export const dispatcher = new KeepAliveDispatcher()

export const elasticAt = (node: string): Client => new Client({ node, agent: () => dispatcher })
