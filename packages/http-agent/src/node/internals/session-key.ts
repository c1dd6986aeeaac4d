interface KeyedOptions {
  /**
   * The name under which `https.Agent` keeps the TLS session of a connection.
   *
   * @why Without it `createConnection` resumes no session; with Node's name alone, a session could pass
   * from one identity to another, although the certificate is not verified again.
   * @instead A `sessionKey` option of `https.Agent`'s `createConnection`.
   */
  _agentKey?: string
}

/** Names the TLS session that a connection by these options may resume, and leaves. */
export const setSessionKey = (options: object, key: string): void => {
  ;(options as KeyedOptions)._agentKey = key
}
