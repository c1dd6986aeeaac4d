import type { IncomingMessage } from 'node:http'
import { type KeepAliveHint, parseKeepAliveHeader } from '@holdfast/core'

const NAME = 'keep-alive'

/**
 * Reads what servers announce in their `Keep-Alive` headers. It looks at the raw headers, because
 * Node makes the object of all headers only for whoever asks for it, and it keeps the last answer,
 * because a server mostly says the same.
 */
export class ServerHints {
  #header: string | undefined
  #hint: KeepAliveHint = { timeoutMs: undefined, maxRequests: undefined }

  hintOf({ rawHeaders }: IncomingMessage): KeepAliveHint | undefined {
    let header: string | undefined
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = rawHeaders[index] as string
      if (name.length === NAME.length && name.toLowerCase() === NAME) {
        const value = rawHeaders[index + 1] as string
        header = header === undefined ? value : `${header},${value}`
      }
    }
    if (header === undefined) return undefined
    if (header !== this.#header) {
      this.#hint = parseKeepAliveHeader(header)
      this.#header = header
    }
    return this.#hint
  }
}
