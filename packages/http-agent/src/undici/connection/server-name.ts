import net from 'node:net'
import type { Dispatcher } from 'undici'
import { headerOf } from '../request/header-of.ts'

/** `abc:123` → `abc`, `[::1]:123` → `::1`. */
const hostNameOf = (host: string): string =>
  host.startsWith('[') ? host.slice(1, host.indexOf(']')) : (host.split(':', 1)[0] as string)

/**
 * Finds the server name for TLS of a request by undici's rules (`lib/core/request.js` and
 * `getServerName` in `lib/core/util.js`): the option `servername`, else the name in the `Host`
 * header as it is written, unless that is an address. `null` leaves it to the connector, which uses
 * the origin's. A `Host` header that undici refuses is ignored here.
 */
export const serverNameOf = (options: Dispatcher.DispatchOptions): string | null => {
  const { servername } = options as { readonly servername?: string }
  if (servername) return servername
  const host = headerOf(options.headers, 'host')
  if (host === undefined) return null
  const name = hostNameOf(host)
  return name === '' || net.isIP(name) !== 0 ? null : name
}
