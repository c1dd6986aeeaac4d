import type { Answer, ConnectionRecord } from './observation.ts'

/** Complete responses of a connection, in order. */
export function answersOf({ exchanges }: ConnectionRecord): readonly Answer[] {
  return exchanges.flatMap(({ result }) => (result.kind === 'answer' ? [result] : []))
}

/** Whether the peer has ended the connection, or has said that it takes no further request. */
export function isOver(connection: ConnectionRecord): boolean {
  const last = answersOf(connection).at(-1)
  return connection.ending !== null || (last !== undefined && announcesClose(last))
}

/**
 * Whether the response says that it is the connection's last (RFC 9112 §9.3).
 */
export function announcesClose({ connection, httpVersion }: Answer): boolean {
  const said = (connection ?? '').split(',').map((option) => option.trim().toLowerCase())
  return said.includes('close') || (httpVersion === '1.0' && !said.includes('keep-alive'))
}
