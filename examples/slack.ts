// Slack's client calls a fetch that can be given: Node's own, with a dispatcher.
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { WebClient, type WebClientOptions } from '@slack/web-api'

export const dispatcher = new KeepAliveDispatcher()

export const slackWith = (token: string, options: WebClientOptions = {}): WebClient =>
  new WebClient(token, { fetch: (url, init) => fetch(url, { ...init, dispatcher }), ...options })
