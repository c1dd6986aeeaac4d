/** Lets the event loop turn once. */
export const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve)
  })

/** Lets it turn until the condition is met. */
export const turnUntil = async (isMet: () => boolean): Promise<void> => {
  while (!isMet()) await turn()
}

/** Lets it turn until what was done before belongs to an earlier turn, however it is counted. */
export const leaveTurn = async (): Promise<void> => {
  await turn()
  await turn()
}
