/** The server of an origin, in the names of OpenTelemetry. */
export interface ServerAddress {
  /** The host name or IP address that is dialled, or the path of a unix socket. */
  readonly serverAddress: string | undefined
  /** `undefined` for a unix socket. */
  readonly serverPort: number | undefined
}

export const UNKNOWN_SERVER: ServerAddress = Object.freeze({
  serverAddress: undefined,
  serverPort: undefined,
})
