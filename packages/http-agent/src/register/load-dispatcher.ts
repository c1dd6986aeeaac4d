import type http from 'node:http'
import process from 'node:process'
import type { PolicyOptions } from '@holdfast/core'
import { MissingPeerError } from '../driver/missing-peer-error.ts'
import { requireHere } from '../driver/require-here.ts'
import type * as globalDispatcher from '../undici/global-dispatcher.ts'
import { usesProxies } from './node-global-agent.ts'

type Registered = globalDispatcher.GlobalDispatcher

/**
 * Makes the dispatcher that is to be the global one, where undici is installed. It is required, not
 * imported: a module that is preloaded by `--require` may not wait.
 *
 * @returns `undefined` where there is no undici; where it cannot be used, with a warning; and where
 * Node takes its proxies from the environment, whose own dispatcher has to stay.
 */
export const loadDispatcher = (
  policy: PolicyOptions,
  globalAgent: http.Agent,
): Registered | undefined => {
  if (usesProxies(globalAgent)) return undefined
  try {
    const undici = requireHere('../undici/global-dispatcher.js') as typeof globalDispatcher
    return undici.createGlobalDispatcher(policy)
  } catch (error) {
    const isAbsent = error instanceof MissingPeerError && error.found === undefined
    if (!isAbsent) warn(error as Error)
    return undefined
  }
}

/**
 * Warns instead of throwing: undici may have come with another library that the service does not
 * use, and a bundle does not find it.
 */
const warn = ({ message }: Error): void =>
  process.emitWarning(`fetch and undici keep connections of their own: ${message}`, {
    code: 'HOLDFAST_NO_DISPATCHER',
  })
