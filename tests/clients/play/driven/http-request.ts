import { httpAgent, httpsAgent, request } from '../../../../examples/http-request.ts'
import type { Client } from '../client.ts'
import { clientOfNode } from '../node-request.ts'

export const client: Client = clientOfNode([httpAgent, httpsAgent], request)
