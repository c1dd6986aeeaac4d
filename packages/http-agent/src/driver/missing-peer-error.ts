import { HoldfastError } from '@holdfast/core'

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
    // Of several versions, the one that is listed first loads on every line of Node.
    const [first] = wanted.split(' ', 1)
    super('ERR_HOLDFAST_MISSING_PEER', `${wrong}; install it by: npm install ${library}@${first}`)
    this.found = found
    this.wanted = wanted
    if (options !== undefined) this.cause = options.cause
  }
}
