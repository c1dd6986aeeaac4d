// The Anthropic SDK passes a dispatcher on to Node's own fetch.
import Anthropic from '@anthropic-ai/sdk'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'

export const dispatcher = new KeepAliveDispatcher()

export const anthropicAt = (baseUrl: string, apiKey: string): Anthropic =>
  new Anthropic({ baseURL: baseUrl, apiKey, fetchOptions: { dispatcher } })
