/** Lets the event loop turn once. */
export const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve)
  })

/** Lets it turn until the condition is met. */
export const turnUntil = async (isMet: () => boolean): Promise<void> => {
  while (!isMet()) await turn()
}
