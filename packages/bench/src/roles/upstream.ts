import { openUpstream } from '../upstreams/open-upstream.ts'
import type { UpstreamServer } from '../upstreams/upstream-server.ts'
import { answerCommands } from './answer-commands.ts'

let server: UpstreamServer | undefined

function upstream(): UpstreamServer {
  if (server === undefined) throw new Error('the upstream does not listen')
  return server
}

answerCommands(
  {
    listen: async ({ upstream: name, ports }) => {
      server = await openUpstream(name, ports)
      return { kind: 'listen', ports: server.ports, description: server.description }
    },
    count: async ({ index }) => ({ kind: 'count', ...(await upstream().counts(index)) }),
  },
  async () => await server?.close(),
)
