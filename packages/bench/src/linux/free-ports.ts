import { once } from 'node:events'
import net from 'node:net'
import { LOOPBACK } from './loopback.ts'

/** Finds ports that were free a moment ago, for servers that cannot ask the system themselves. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer()
      server.listen({ host: LOOPBACK, port: 0 })
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port)
  for (const server of servers) server.close()
  return ports
}
