import { LogLevel } from '@slack/web-api'
import { dispatcher, slackWith } from '../../../../examples/slack.ts'
import type { Client } from '../client.ts'
import { type Answers, json } from '../server/answers.ts'

export const answers: Answers = { others: json({ ok: true, user: 'ok', ts: '$answer' }) }

const at = (origin: string, timeout = 0): ReturnType<typeof slackWith> =>
  slackWith('token', {
    slackApiUrl: `${origin}/`,
    timeout,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
  })

export const client: Client = {
  pools: [dispatcher],
  get: async (origin, { timeoutMs }) => String((await at(origin, timeoutMs).auth.test()).user),
  post: async (origin, text) =>
    String((await at(origin).chat.postMessage({ channel: 'channel', text })).ts),
}
