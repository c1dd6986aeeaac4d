import type { Dispatcher } from 'undici'
import { type FindFault, faultFinderOf } from '../peer/undici-internals.ts'
import type { UndiciModule } from '../peer/undici-module.ts'

type Options = Dispatcher.DispatchOptions

/** Whether the check leaves this body out: reading would consume it, or copying would be costly. */
const isLeftOut = (body: unknown): boolean =>
  typeof body === 'string' ||
  ArrayBuffer.isView(body) ||
  (typeof body === 'object' && body !== null && 'pipe' in body)

/** Checks requests as undici does, before they have a connection. */
export class RequestCheck {
  readonly #findFault: FindFault

  constructor(undici: UndiciModule) {
    this.#findFault = faultFinderOf(undici)
  }

  /** @throws undici's error for a malformed request. */
  check(options: Options): void {
    const asked = isLeftOut(options.body) ? { ...options, body: null } : options
    const fault = this.#findFault(asked)
    if (fault !== undefined) throw fault
  }
}
