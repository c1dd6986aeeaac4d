import { HoldfastError } from '@holdfast/core'

/** What answers to the name of a library that an optional entry stands on is not that library. */
export class StandInPeerError extends HoldfastError {
  override readonly name: string = 'StandInPeerError'

  constructor(library: string, instead: string) {
    super(
      'ERR_HOLDFAST_MISSING_PEER',
      `what is loaded as ${library} is a stand-in that sends nothing, such as the one that Bun brings; ${instead}`,
    )
  }
}
