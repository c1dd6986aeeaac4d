// undici takes a dispatcher, with each request or for all of them (setGlobalDispatcher).
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { type Dispatcher, request } from 'undici'

export const dispatcher = new KeepAliveDispatcher()

export const keptRequest = (
  url: string,
  options: Omit<Dispatcher.RequestOptions, 'origin' | 'path'>,
): Promise<Dispatcher.ResponseData> => request(url, { dispatcher, ...options })
