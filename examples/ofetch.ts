// ofetch passes a dispatcher on to Node's own fetch.
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { ofetch } from 'ofetch'

export const dispatcher = new KeepAliveDispatcher()

export const client = ofetch.create({ dispatcher })
