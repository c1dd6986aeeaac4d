import { HoldfastError } from '@holdfast/core'
import { dispatchSymbolOf } from './undici-internals.ts'
import type { UndiciModule } from './undici-module.ts'

/**
 * A `ProxyAgent` wants the whole URL to be sent to its proxy, which only a client of undici's own
 * does.
 */
export class ForwardingError extends HoldfastError {
  override readonly name: string = 'ForwardingError'

  constructor() {
    super(
      'ERR_HOLDFAST_UNSUPPORTED',
      'a ProxyAgent sends its proxy requests to http: that it does not tunnel by clients of undici only; set proxyTunnel: true, or leave factory out',
    )
  }
}

const refuse = (): never => {
  throw new ForwardingError()
}

/**
 * Makes a dispatcher refuse to be the `factory` of a `ProxyAgent` without tunnels. undici calls it
 * by a symbol there that its own dispatchers share (`lib/dispatcher/proxy-agent.js`,
 * `Http1ProxyWrapper`), and counts on the origin to be that of the proxy whatever the request says.
 */
export const refuseForwarding = (dispatcher: object, undici: UndiciModule): void => {
  const name = dispatchSymbolOf(undici)
  if (name !== undefined) Object.defineProperty(dispatcher, name, { value: refuse })
}
