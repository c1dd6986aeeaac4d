import { httpAgent, httpsAgent, request, spans } from '../../../../examples/opentelemetry-http.ts'
import type { Check } from '../check.ts'
import type { Client } from '../client.ts'
import { clientOfNode } from '../node-request.ts'
import { oneSpanARequest } from '../one-span-a-request.ts'

export const client: Client = clientOfNode([httpAgent, httpsAgent], request)

export const more: Readonly<Record<string, Check>> = {
  'one span a request': oneSpanARequest(spans, 1),
}
