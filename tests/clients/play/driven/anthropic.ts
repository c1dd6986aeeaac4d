import type Anthropic from '@anthropic-ai/sdk'
import { toFile } from '@anthropic-ai/sdk'
import { anthropicAt, dispatcher } from '../../../../examples/anthropic.ts'
import { byteLength } from '../ask.ts'
import type { Client } from '../client.ts'
import { type Answers, json } from '../server/answers.ts'

export const answers: Answers = {
  get: json({ id: '$answer' }),
  others: json({ id: '$answer', type: 'message', content: [{ type: 'text', text: '$answer' }] }),
}

const at = (origin: string): Anthropic => anthropicAt(origin, 'key')

const once = { maxRetries: 0 } as const

export const client: Client = {
  pools: [dispatcher],
  get: async (origin, { signal, timeoutMs }) => {
    const { id } = await at(origin).models.retrieve('model', undefined, {
      ...once,
      ...(signal === undefined ? {} : { signal }),
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    })
    return id
  },
  post: async (origin, content) => {
    const message = await at(origin).messages.create(
      { model: 'model', max_tokens: 10, messages: [{ role: 'user', content }] },
      once,
    )
    return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('')
  },
  upload: async (origin, body) => {
    const { id } = await at(origin).beta.files.upload(
      { file: await toFile(body, 'file.txt') },
      once,
    )
    return id
  },
  download: async (origin) => {
    const { body } = await at(origin).beta.files.download('file', undefined, once)
    return byteLength(body)
  },
}
