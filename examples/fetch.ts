// Node's own fetch takes a dispatcher.
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'

export const dispatcher = new KeepAliveDispatcher()

export const keptFetch = (url: string, options: RequestInit = {}): Promise<Response> =>
  fetch(url, { dispatcher, ...options })
