/** Whether a connection ended by a RST of its peer, as far as its error tells. */
export const isReset = (error: Error | null | undefined): boolean =>
  error !== null && error !== undefined && 'code' in error && error.code === 'ECONNRESET'
