import { HttpAgent } from '@holdfast/http-agent'
import type Stripe from 'stripe'
import { httpAgent as httpsAgent, stripeWith } from '../../../../examples/stripe.ts'
import type { Client } from '../client.ts'
import { type Answers, json } from '../server/answers.ts'

export const answers: Answers = { get: json({ id: '$answer' }), others: json({ id: '$answer' }) }

const httpAgent = new HttpAgent()

const at = (origin: string): Stripe => {
  const { protocol, hostname: host, port } = new URL(origin)
  return protocol === 'https:'
    ? stripeWith('key', { host, port, telemetry: false })
    : stripeWith('key', { host, port, telemetry: false, protocol: 'http', httpAgent })
}

const once = { maxNetworkRetries: 0 } as const

export const client: Client = {
  pools: [httpAgent, httpsAgent],
  get: async (origin, { timeoutMs }) => {
    const { id } = await at(origin).customers.retrieve('one', undefined, {
      ...once,
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    })
    return id
  },
  post: async (origin, name) => (await at(origin).customers.create({ name }, once)).id,
}
