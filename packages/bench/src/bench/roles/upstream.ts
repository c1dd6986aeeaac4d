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
    listen: async ({ upstream: wanted, groups, portsPerGroup, tls }) => {
      server = await openUpstream(wanted, { groups, portsPerGroup, tls })
      return { kind: 'listen', groups: server.groups, description: server.description }
    },
    count: async ({ group }) => ({ kind: 'count', ...(await upstream().counts(group)) }),
    uses: async ({ group }) => ({ kind: 'uses', uses: await upstream().uses(group) }),
  },
  async () => await server?.close(),
)
