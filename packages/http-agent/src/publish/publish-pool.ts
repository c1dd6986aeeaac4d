import type { PublishedPool } from './pool-report.ts'
import { Publisher } from './publisher.ts'

/** Options of {@link publishPool}. */
export interface PublishOptions {
  /** The name by which the pool is shown. Default: `'pool'`. */
  readonly name?: string
}

/** A pool that is published. */
export interface Publication extends AsyncDisposable {
  /** Ends the publication. The pool itself goes on. */
  readonly stop: () => Promise<void>
}

/** One socket serves all pools of a process. */
const publisher = new Publisher()

/**
 * Lets `holdfast watch --pid` see the connections of an agent or a dispatcher beside the kernel's.
 * They are read on demand, and cost nothing otherwise. The process answers on a unix socket that
 * only its user, and root, can reach; nothing goes over a network. The socket does not keep the
 * process alive, and is removed when it exits.
 *
 * @throws Error where the system has no unix sockets, or other users can enter their directory.
 */
export const publishPool = async (
  pool: PublishedPool,
  { name = 'pool' }: PublishOptions = {},
): Promise<Publication> => {
  await publisher.add(pool, name)
  const stop = (): Promise<void> => publisher.remove(pool)
  return { stop, [Symbol.asyncDispose]: stop }
}
