import type { Client, Dispatcher } from 'undici'
import { complaintOf, createIdleClient } from '../peer/undici-internals.ts'
import type { UndiciModule } from '../peer/undici-module.ts'

type Options = Dispatcher.DispatchOptions

/** What reading would use up, or copying would cost something. */
const isLeftOut = (body: unknown): boolean =>
  typeof body === 'string' ||
  ArrayBuffer.isView(body) ||
  (typeof body === 'object' && body !== null && 'pipe' in body)

/**
 * Tells what undici would find malformed of a request before that has a connection, by giving it to a
 * client without a handler: any other complaint is about the request.
 */
export class RequestCheck {
  readonly #client: Client
  readonly #lastComplaint: string

  constructor(undici: UndiciModule) {
    this.#client = createIdleClient(undici)
    this.#lastComplaint = complaintOf(this.#client, { path: '/', method: 'GET' }).message
  }

  /** @throws What undici throws for a request that is malformed. */
  check(options: Options): void {
    const asked = isLeftOut(options.body) ? { ...options, body: null } : options
    const complaint = complaintOf(this.#client, asked)
    if (complaint.message !== this.#lastComplaint) throw complaint
  }
}
