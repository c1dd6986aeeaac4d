import type { ClientRequest } from 'node:http'
import { type RequestRecord, recordOf } from '../../driver/request-record.ts'
import { leaseOf } from './request-lease.ts'

/**
 * Returns the record of a request that was made through an agent of Holdfast, at any time of its
 * life; `undefined` for any other one. It is built at each call.
 */
export const requestRecord = (request: ClientRequest): RequestRecord | undefined => {
  const lease = leaseOf(request)
  return lease && recordOf(lease)
}
