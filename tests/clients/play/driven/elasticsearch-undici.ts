import { dispatcher, elasticAt } from '../../../../examples/elasticsearch-undici.ts'
import { byteLength } from '../ask.ts'
import type { Client } from '../client.ts'
import { type Answers, json } from '../server/answers.ts'

const PRODUCT = { 'x-elastic-product': 'Elasticsearch' }

export const answers: Answers = {
  get: json({ name: '$answer' }, PRODUCT),
  others: json({ _id: '$answer' }, PRODUCT),
}

const once = { maxRetries: 0 } as const

export const client: Client = {
  pools: [dispatcher],
  get: async (origin, { signal, timeoutMs }) => {
    const { name } = await elasticAt(origin).info(undefined, {
      ...once,
      ...(signal === undefined ? {} : { signal }),
      ...(timeoutMs === undefined ? {} : { requestTimeout: timeoutMs }),
    })
    return name
  },
  post: async (origin, text) =>
    (await elasticAt(origin).index({ index: 'index', document: { text } }, once))._id,
  upload: async (origin, bulkBody) => {
    const bulk = { method: 'POST', path: '/_bulk', bulkBody }
    return (await elasticAt(origin).transport.request<{ _id: string }>(bulk, once))._id
  },
  download: async (origin) =>
    byteLength(await elasticAt(origin).cat.indices(undefined, { ...once, asStream: true })),
}
