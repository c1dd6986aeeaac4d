import type { IncomingMessage } from 'node:http'

const NAME = 'keep-alive'

/**
 * The `Keep-Alive` header of a response. It is taken from the raw headers, because Node makes the object
 * of all headers only for whoever asks for it.
 */
export const keepAliveHeaderOf = ({ rawHeaders }: IncomingMessage): string | undefined => {
  let header: string | undefined
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string
    if (name.length === NAME.length && name.toLowerCase() === NAME) {
      const value = rawHeaders[index + 1] as string
      header = header === undefined ? value : `${header},${value}`
    }
  }
  return header
}
