let lastMs = -1

/**
 * Whether there is time for a look at a socket that need not be looked at, which is then taken for made:
 * one a millisecond. A look costs about 5 µs, because the usual answer, that nothing has come, is an
 * exception. All pools of the process share the budget, as they share the event loop.
 */
export const mayLook = (nowMs: number): boolean => {
  if (nowMs === lastMs) return false
  lastMs = nowMs
  return true
}
