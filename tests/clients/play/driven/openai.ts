import type OpenAI from 'openai'
import { toFile } from 'openai'
import { dispatcher, openaiAt } from '../../../../examples/openai.ts'
import { byteLength } from '../ask.ts'
import type { Client } from '../client.ts'
import { type Answers, json } from '../server/answers.ts'

const choices = [{ index: 0, message: { role: 'assistant', content: '$answer' } }]

export const answers: Answers = {
  get: json({ id: '$answer' }),
  others: json({ id: '$answer', object: 'chat.completion', choices }),
}

const at = (origin: string): OpenAI => openaiAt(origin, 'key')

const once = { maxRetries: 0 } as const

export const client: Client = {
  pools: [dispatcher],
  get: async (origin, { signal, timeoutMs }) => {
    const { id } = await at(origin).models.retrieve('model', {
      ...once,
      ...(signal === undefined ? {} : { signal }),
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    })
    return id
  },
  post: async (origin, content) => {
    const { choices: answered } = await at(origin).chat.completions.create(
      { model: 'model', messages: [{ role: 'user', content }] },
      once,
    )
    return String(answered[0]?.message.content)
  },
  upload: async (origin, body) => {
    const file = await toFile(body, 'file.txt')
    const { id } = await at(origin).files.create({ file, purpose: 'assistants' }, once)
    return id
  },
  download: async (origin) => {
    const { body } = await at(origin).files.content('file', once)
    return byteLength(body)
  },
}
