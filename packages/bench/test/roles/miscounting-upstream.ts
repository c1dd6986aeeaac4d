import { answerCommands } from '../../src/bench/roles/answer-commands.ts'
import { openUpstream } from '../../src/bench/upstreams/open-upstream.ts'
import type { UpstreamServer } from '../../src/bench/upstreams/upstream-server.ts'

/** Upstream that misses one request in each count. */
let server: UpstreamServer | undefined
let asked = 0

answerCommands({
  listen: async ({ upstream, ...plan }) => {
    server = await openUpstream(upstream, plan)
    return { kind: 'listen', groups: server.groups, description: server.description }
  },
  count: async ({ group }) => {
    const { requests = 0, connections = 0 } = (await server?.counts(group)) ?? {}
    asked += 1
    return { kind: 'count', requests: requests - asked, connections }
  },
})
