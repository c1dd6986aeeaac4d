/** A listener or callback that does nothing. */
export const ignore = (): void => undefined
