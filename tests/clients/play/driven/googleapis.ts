import type { Readable } from 'node:stream'
import { agent, driveAt } from '../../../../examples/googleapis.ts'
import { byteLength } from '../ask.ts'
import type { Client } from '../client.ts'
import { type Answers, json } from '../server/answers.ts'

export const answers: Answers = {
  get: json({ name: '$answer' }),
  others: json({ id: '$answer' }),
}

const at = (origin: string): ReturnType<typeof driveAt> => driveAt(`${origin}/`, 'key')

export const client: Client = {
  pools: [agent],
  get: async (origin, { signal, timeoutMs }) => {
    const { data } = await at(origin).files.get(
      { fileId: 'file' },
      {
        retry: false,
        ...(signal === undefined ? {} : { signal }),
        ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      },
    )
    return String(data.name)
  },
  post: async (origin, name) => {
    const { data } = await at(origin).files.create({ requestBody: { name } }, { retry: false })
    return String(data.id)
  },
  upload: async (origin: string, body: Readable) => {
    const media = { mimeType: 'text/plain', body }
    const rootUrl = `${origin}/`
    const file = { requestBody: { name: 'file' }, media }
    const { data } = await at(origin).files.create(file, { rootUrl, retry: false })
    return String(data.id)
  },
  download: async (origin) => {
    const { data } = await at(origin).files.get(
      { fileId: 'file', alt: 'media' },
      { responseType: 'stream' },
    )
    return byteLength(data)
  },
}
