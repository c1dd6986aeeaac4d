// Every undici of the process, here 7 beside the 8 that the dispatcher stands on, and Node's fetch.
import '@holdfast/http-agent/register'
import { type Dispatcher, request } from 'undici7'

export const keptRequest: (
  url: string,
  options: Omit<Dispatcher.RequestOptions, 'origin' | 'path'>,
) => Promise<Dispatcher.ResponseData> = request
