// The OpenAI SDK passes a dispatcher on to Node's own fetch.
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import OpenAi from 'openai'

export const dispatcher = new KeepAliveDispatcher()

export const openaiAt = (baseUrl: string, apiKey: string): OpenAi =>
  new OpenAi({ baseURL: baseUrl, apiKey, fetchOptions: { dispatcher } })
