// ky calls a fetch that can be given: Node's own, with a dispatcher.
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import ky from 'ky'

export const dispatcher = new KeepAliveDispatcher()

export const client = ky.create({
  fetch: (input, init) => fetch(input, { ...init, dispatcher }),
})
