/** Whether an error says that the peer ended the connection by RST. */
export const isReset = (error: Error | null | undefined): boolean =>
  error !== null && error !== undefined && 'code' in error && error.code === 'ECONNRESET'
