import { once } from 'node:events'
import type { Server } from 'node:http'
import { LOOPBACK } from '../../linux/loopback.ts'

/** Room for the connections of a whole load that arrive in one burst. */
const BACKLOG = 4096

/** Listens on a free loopback port, and resolves with it. */
export async function listen(server: Server): Promise<number> {
  server.listen({ host: LOOPBACK, port: 0, backlog: BACKLOG })
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the listener has no port')
  return address.port
}
