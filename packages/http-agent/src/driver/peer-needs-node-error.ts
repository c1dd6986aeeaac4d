import process from 'node:process'
import { HoldfastError } from '@holdfast/core'
import { howToInstall } from './how-to-install.ts'

interface UnfitPeer {
  readonly library: string
  /** The installed version. */
  readonly found: string
  /** The versions of Node that it asks for, as its manifest has them. */
  readonly engine: string
  /** The versions of the library that are supported. */
  readonly wanted: string
}

/** A library that an optional entry needs does not load, because it needs a newer Node. */
export class PeerNeedsNodeError extends HoldfastError {
  override readonly name: string = 'PeerNeedsNodeError'

  constructor({ library, found, engine, wanted }: UnfitPeer, { cause }: ErrorOptions) {
    super(
      'ERR_HOLDFAST_MISSING_PEER',
      `${library} ${found} needs Node ${engine}, and this is Node ${process.versions.node}; install one that runs here by: ${howToInstall(library, wanted)}`,
    )
    this.cause = cause
  }
}
