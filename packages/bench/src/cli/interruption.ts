import process from 'node:process'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs work that ends early upon Ctrl-C, a signal, the loss of the parent process, or the loss of
 * the reader of its output.
 *
 * @param readerGone aborted when nobody reads the output any more
 */
export async function whileInterruptible<T>(
  readerGone: AbortSignal,
  work: (interruption: AbortSignal) => Promise<T>,
): Promise<T> {
  const interruption = new AbortController()
  const interrupt = (): void => interruption.abort()
  for (const signal of SIGNALS) process.once(signal, interrupt)
  process.once('disconnect', interrupt)
  try {
    return await work(AbortSignal.any([interruption.signal, readerGone]))
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt)
    process.off('disconnect', interrupt)
    // An open channel to the parent process would keep this one alive.
    if (process.connected) process.disconnect()
  }
}

/** Runs work as {@link whileInterruptible} does; undefined if it was interrupted. */
export async function untilInterrupted<T>(
  readerGone: AbortSignal,
  work: (interruption: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  return await whileInterruptible(readerGone, async (interruption) => {
    try {
      return await work(interruption)
    } catch (error) {
      if (interruption.aborted) return
      throw error
    }
  })
}
