// The fetch of undici from npm.
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { fetch, type RequestInit, type Response } from 'undici'

export const dispatcher = new KeepAliveDispatcher()

export const keptFetch = (url: string, options: RequestInit = {}): Promise<Response> =>
  fetch(url, { dispatcher, ...options })
