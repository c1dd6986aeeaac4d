import { urlToHttpOptions } from 'node:url'
import { InvalidArgumentError } from '@holdfast/core'
import type { RequestOptions } from './request-options.ts'

/** The members of an agent that a URL is held against. */
interface UrlTaker {
  readonly protocol: string
  readonly defaultPort: number
}

/**
 * The options of a request to that URL that concern its connection.
 *
 * @throws InvalidArgumentError (`ERR_HOLDFAST_INVALID_ARGUMENT`) for what is no URL of the agent's.
 */
export const optionsOfUrl = (
  { protocol, defaultPort }: UrlTaker,
  url: string | URL,
): RequestOptions => {
  const parsed = URL.canParse(String(url)) ? new URL(String(url)) : undefined
  if (parsed?.protocol !== protocol) {
    throw new InvalidArgumentError('url', url, `an absolute ${protocol} URL`)
  }
  const { hostname } = urlToHttpOptions(parsed)
  return {
    protocol,
    hostname,
    host: hostname as string,
    port: parsed.port === '' ? defaultPort : Number(parsed.port),
  }
}
