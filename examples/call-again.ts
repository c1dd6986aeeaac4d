// Calls a client again where that does nothing twice, be it one that leaves out the error of Node.
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import { requestRecord } from '@holdfast/http-agent'

const calls = new AsyncLocalStorage<{ request?: ClientRequest }>()

subscribe('http.client.request.start', (message) => {
  const call = calls.getStore()
  if (call !== undefined) call.request = (message as { request: ClientRequest }).request
})

export function callAgain<Result>(call: () => Promise<Result>): Promise<Result> {
  const made: { request?: ClientRequest } = {}
  return calls.run(made, call).catch((error: unknown) => {
    const failure = made.request && requestRecord(made.request)?.failure
    if (failure?.safeToRetry !== true) throw error
    return call()
  })
}
