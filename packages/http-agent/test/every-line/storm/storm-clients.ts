import http from 'node:http'
import https from 'node:https'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { KeepAliveDispatcher, type KeepAliveDispatcherOptions } from '@holdfast/http-agent/undici'
import agentkeepalive, { HttpsAgent as AgentkeepaliveHttps } from 'agentkeepalive'
import type { Dispatcher } from 'undici'
import { TEST_IDENTITY } from '../loopback.ts'
import { UNDICI_VERSIONS } from '../undici-versions.ts'
import { callByAgent } from './agent-caller.ts'
import { callByDispatcher, SENDS } from './dispatcher-caller.ts'
import type { StormCaller } from './storm-caller.ts'

/** Who goes through the storm. */
export interface StormClient {
  readonly isOurs: boolean
  readonly isSecure: boolean
  readonly create: () => StormCaller
}

const { cert: ca } = TEST_IDENTITY

const ourAgents: Readonly<Record<string, StormClient>> = {
  HttpAgent: { isOurs: true, isSecure: false, create: () => callByAgent(new HttpAgent()) },
  HttpsAgent: { isOurs: true, isSecure: true, create: () => callByAgent(new HttpsAgent({ ca })) },
}

const peerAgents: Readonly<Record<string, StormClient>> = {
  'http.Agent': {
    isOurs: false,
    isSecure: false,
    create: () => callByAgent(new http.Agent({ keepAlive: true })),
  },
  'https.Agent': {
    isOurs: false,
    isSecure: true,
    create: () => callByAgent(new https.Agent({ ca, keepAlive: true })),
  },
  agentkeepalive: {
    isOurs: false,
    isSecure: false,
    create: () => callByAgent(new agentkeepalive()),
  },
  'agentkeepalive, HTTPS': {
    isOurs: false,
    isSecure: true,
    create: () => callByAgent(new AgentkeepaliveHttps({ ca })),
  },
}

/** The dispatcher on each undici, by each way to make a request. */
export const dispatcherClients = (
  isSecure: boolean,
  options: KeepAliveDispatcherOptions = {},
): Readonly<Record<string, StormClient>> =>
  Object.fromEntries(
    UNDICI_VERSIONS.flatMap(({ name, undici }) =>
      Object.entries(SENDS).map(([way, send]): [string, StormClient] => [
        `KeepAliveDispatcher, ${way} on ${name}`,
        {
          isOurs: true,
          isSecure,
          create: () => {
            const connect = isSecure ? { connect: { ca } } : {}
            const dispatcher = new KeepAliveDispatcher({ undici, ...connect, ...options })
            return callByDispatcher(dispatcher as Dispatcher, undici, send)
          },
        },
      ]),
    ),
  )

const peerDispatchers = (isSecure: boolean): Readonly<Record<string, StormClient>> =>
  Object.fromEntries(
    UNDICI_VERSIONS.map(({ name, undici }): [string, StormClient] => [
      `Agent of ${name}`,
      {
        isOurs: false,
        isSecure,
        create: () => {
          const dispatcher = new undici.Agent(isSecure ? { connect: { ca } } : {})
          return callByDispatcher(dispatcher, undici, SENDS.dispatch)
        },
      },
    ]),
  )

/** All of them, those of TLS or the others. */
export const stormClients = (isSecure: boolean): readonly (readonly [string, StormClient])[] =>
  Object.entries({
    ...ourAgents,
    ...dispatcherClients(isSecure),
    ...peerAgents,
    ...peerDispatchers(isSecure),
  }).filter(([, client]) => client.isSecure === isSecure)
