import process from 'node:process'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs work that the user, the system or the process that started this one may ask to end: by
 * Ctrl-C, by a signal, or by closing the channel between the two.
 */
export async function whileInterruptible<T>(
  work: (interruption: AbortSignal) => Promise<T>,
): Promise<T> {
  const interruption = new AbortController()
  const interrupt = (): void => interruption.abort()
  for (const signal of SIGNALS) process.once(signal, interrupt)
  process.once('disconnect', interrupt)
  try {
    return await work(interruption.signal)
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt)
    process.off('disconnect', interrupt)
    // An open channel to the process that started this one would keep it alive.
    if (process.connected) process.disconnect()
  }
}

/** The same; undefined if the work ended because it was asked to. */
export async function untilInterrupted<T>(
  work: (interruption: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  return await whileInterruptible(async (interruption) => {
    try {
      return await work(interruption)
    } catch (error) {
      if (interruption.aborted) return
      throw error
    }
  })
}
