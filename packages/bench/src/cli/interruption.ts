import process from 'node:process'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs work that the user, the system or the process that started this one may ask to end: by
 * Ctrl-C, by a signal, or by closing the channel between the two. It ends, too, when its reader has.
 *
 * @param readerGone aborted when nobody reads what the work prints any more
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
    // An open channel to the process that started this one would keep it alive.
    if (process.connected) process.disconnect()
  }
}

/** The same; undefined if the work ended because it was asked to. */
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
