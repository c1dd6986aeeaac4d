import type { Client, Dispatcher } from 'undici'
import type { UndiciModule } from './undici-module.ts'

type Options = Dispatcher.DispatchOptions

const ignore = (): void => undefined

/** What no handler of either kind is. */
const NO_HANDLER = {} as Dispatcher.DispatchHandler

/** What reading would use up, or copying would cost something. */
const isLeftOut = (body: unknown): boolean =>
  typeof body === 'string' ||
  ArrayBuffer.isView(body) ||
  (typeof body === 'object' && body !== null && 'pipe' in body)

/**
 * Tells what undici would find malformed of a request before that has a connection, by giving it to a
 * client that never makes one, with no handler. That is what undici complains of last, so that any
 * other complaint is about the request, and nothing comes of one that is well-formed.
 */
export class RequestCheck {
  readonly #client: Client
  readonly #lastComplaint: string | undefined

  constructor(undici: UndiciModule) {
    this.#client = new undici.Client('http://localhost', { connect: ignore as never })
    this.#lastComplaint = this.#complaintOf({ path: '/', method: 'GET' })?.message
  }

  /** @throws What undici throws for a request that is malformed. */
  check(options: Options): void {
    const complaint = this.#complaintOf(
      isLeftOut(options.body) ? { ...options, body: null } : options,
    )
    if (complaint !== undefined && complaint.message !== this.#lastComplaint) throw complaint
  }

  #complaintOf(options: Options): Error | undefined {
    try {
      this.#client.dispatch(options, NO_HANDLER)
      return undefined
    } catch (error) {
      return error as Error
    }
  }
}
