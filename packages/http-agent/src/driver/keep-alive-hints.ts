import { type KeepAliveHint, parseKeepAliveHeader } from '@holdfast/core'

/** Reads `Keep-Alive` headers. It keeps the last answer, because a server mostly says the same. */
export class KeepAliveHints {
  #header: string | undefined
  #hint: KeepAliveHint = { timeoutMs: undefined, maxRequests: undefined }

  read(header: string): KeepAliveHint {
    if (header !== this.#header) {
      this.#hint = parseKeepAliveHeader(header)
      this.#header = header
    }
    return this.#hint
  }
}
