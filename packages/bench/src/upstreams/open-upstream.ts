import { NginxUpstream } from './nginx-upstream.ts'
import { NodeUpstream } from './node-upstream.ts'
import type { PortPlan, UpstreamServer } from './upstream-server.ts'

/** Servers that this package can run as an upstream. */
export const UPSTREAM_NAMES = ['node', 'nginx'] as const

export type UpstreamName = (typeof UPSTREAM_NAMES)[number]

/** Starts an upstream with the ports asked for. */
export async function openUpstream(name: UpstreamName, plan: PortPlan): Promise<UpstreamServer> {
  return name === 'nginx' ? await NginxUpstream.open(plan) : await NodeUpstream.open(plan)
}
