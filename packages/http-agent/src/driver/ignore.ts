/** Does nothing, for whoever has to name a listener or a callback. */
export const ignore = (): void => undefined
