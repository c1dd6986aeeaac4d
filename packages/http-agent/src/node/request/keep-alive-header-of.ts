import type { IncomingMessage } from 'node:http'

const NAME = 'keep-alive'

/**
 * Finds the `Keep-Alive` header of a response in its raw headers: Node builds the object of all
 * headers only when it is read.
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
