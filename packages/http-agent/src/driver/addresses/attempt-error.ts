import { getSystemErrorName } from 'node:util'

/** An attempt that the system has refused, as Node words it. */
export const attemptError = (status: number, address: string, port: number): Error => {
  const code = getSystemErrorName(status)
  return Object.assign(new Error(`connect ${code} ${address}:${port}`), {
    errno: status,
    code,
    syscall: 'connect',
    address,
    port,
  })
}

/** What tells errors apart: their code, or their message where they have none. */
export const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : error.message

/**
 * The error of a dial that failed at each of several addresses: Node's, with the code of the first one,
 * but that it says so in its message.
 */
export const allAttemptsFailed = (
  host: string,
  failures: ReadonlyMap<string, Error>,
): AggregateError => {
  const reasons = [...failures].map(([address, error]) => `${address} ${codeOf(error)}`)
  const errors = [...failures.values()]
  const [first] = errors
  const message = `none of the addresses of ${host} took the connection: ${reasons.join(', ')}`
  return Object.assign(new AggregateError(errors, message), {
    ...(first !== undefined && 'code' in first ? { code: first.code } : undefined),
  })
}
