import { HoldfastError } from '@holdfast/core'

/** A library is missing that an optional entry stands on. */
export class MissingPeerError extends HoldfastError {
  override readonly name: string = 'MissingPeerError'

  /** @param range The versions that would do. */
  constructor(library: string, range: string, { cause }: ErrorOptions) {
    const message = `${library} is not installed; install it by: npm install ${library}@${range}`
    super('ERR_HOLDFAST_MISSING_PEER', message)
    this.cause = cause
  }
}

const MISSING: ReadonlySet<unknown> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'])

/** What to throw where a library cannot be loaded: what says how to install it, if that is what is wrong. */
export const explainMissingPeer = (library: string, range: string, error: unknown): unknown => {
  const { code, message } = error as NodeJS.ErrnoException
  // The library may be there and miss something of its own.
  const isMissing = MISSING.has(code) && message.includes(`'${library}'`)
  return isMissing ? new MissingPeerError(library, range, { cause: error }) : error
}

/**
 * Loads a library that need not be installed.
 *
 * @throws MissingPeerError (`ERR_HOLDFAST_MISSING_PEER`) where it is not.
 */
export const loadPeer = async <Module>(
  library: string,
  range: string,
  load: () => Promise<Module>,
): Promise<Module> => {
  try {
    return await load()
  } catch (error) {
    throw explainMissingPeer(library, range, error)
  }
}
