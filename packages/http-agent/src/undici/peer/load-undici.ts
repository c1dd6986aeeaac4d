import type { Dispatcher } from 'undici'
import { type PeerLibrary, requirePeer } from '../../driver/peer-library.ts'
import { requireHere } from '../../driver/require-here.ts'
import { StandInPeerError } from '../../driver/stand-in-peer-error.ts'
import { GLOBAL_DISPATCHERS } from './undici-internals.ts'
import type { UndiciModule } from './undici-module.ts'

const UNDICI: PeerLibrary = {
  name: 'undici',
  range: '^7.30.0 || ^8.12.0',
  oldest: { 7: 30, 8: 12 },
}

/** The undici whose `Dispatcher` is extended. */
export interface PeerModule extends UndiciModule {
  // biome-ignore lint/style/useNamingConvention: the name is undici's
  readonly Dispatcher: typeof Dispatcher
}

type Globals = Record<symbol, unknown>

/**
 * Loads the undici beside which this package is installed, and leaves the dispatcher of Node's own
 * fetch as it was. undici sets its own where there is none yet, and undici 8 even where there is
 * one (nodejs/undici#5500). So Node's undici is loaded first, by a read of `Response`, and its
 * dispatcher is put back.
 *
 * @throws MissingPeerError (`ERR_HOLDFAST_MISSING_PEER`) where undici is not installed, or is too
 * old, and with the same code PeerNeedsNodeError, where it needs a newer Node, and
 * StandInPeerError, where the runtime replaces undici by its own.
 */
export const loadUndici = (): PeerModule => {
  const globals = globalThis as unknown as Globals
  // Without WebAssembly (`--jitless`), the one of Node 20 and 22 would fail for good as it loads.
  if ('WebAssembly' in globalThis) Reflect.get(globalThis, 'Response')
  const before = GLOBAL_DISPATCHERS.map((name) => globals[name])
  try {
    const undici = requirePeer(UNDICI, () => requireHere('undici') as PeerModule)
    if ('dispatch' in undici.Dispatcher.prototype) return undici
    throw new StandInPeerError(UNDICI.name, 'use HttpAgent and HttpsAgent there')
  } finally {
    for (const [index, name] of GLOBAL_DISPATCHERS.entries()) {
      if (before[index] !== undefined) globals[name] = before[index]
    }
  }
}
