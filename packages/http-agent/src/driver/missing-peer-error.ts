import { HoldfastError } from '@holdfast/core'
import { howToInstall } from './how-to-install.ts'

/** A library that an optional entry needs is missing or too old. */
export class MissingPeerError extends HoldfastError {
  override readonly name: string = 'MissingPeerError'
  /** The installed version; `undefined` if there is none. */
  readonly found: string | undefined
  /** The versions that are supported. */
  readonly wanted: string

  constructor(library: string, wanted: string, found: string | undefined, options?: ErrorOptions) {
    const wrong =
      found === undefined
        ? `${library} is not installed`
        : `${library} ${found} is installed, and this needs ${wanted}`
    super('ERR_HOLDFAST_MISSING_PEER', `${wrong}; install it by: ${howToInstall(library, wanted)}`)
    this.found = found
    this.wanted = wanted
    if (options !== undefined) this.cause = options.cause
  }
}
