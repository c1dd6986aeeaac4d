import { freePorts } from '../../linux/free-ports.ts'
import { ApacheUpstream } from './apache-upstream.ts'
import { HaproxyUpstream } from './haproxy-upstream.ts'
import { NginxUpstream } from './nginx-upstream.ts'
import { NodeUpstream } from './node-upstream.ts'
import type { Upstream } from './upstream.ts'
import { grouped, type PortPlan, type UpstreamServer } from './upstream-server.ts'

/** Upstream that is started for the run. */
export type StartedUpstream = Exclude<Upstream, { readonly kind: 'url' }>

/** Starts an upstream with the wanted ports. */
export async function openUpstream(
  upstream: StartedUpstream,
  plan: PortPlan,
): Promise<UpstreamServer> {
  if (upstream.kind === 'node') return await NodeUpstream.open(plan, upstream.options)
  const server = await foreignServerOf(upstream, plan)
  await server.start()
  return server
}

async function foreignServerOf(
  upstream: Exclude<StartedUpstream, { readonly kind: 'node' }>,
  { groups, portsPerGroup, tls }: PortPlan,
): Promise<ApacheUpstream | HaproxyUpstream | NginxUpstream> {
  const ports = grouped(await freePorts(groups * portsPerGroup), portsPerGroup)
  switch (upstream.kind) {
    case 'nginx':
      return new NginxUpstream(ports, tls, upstream.options)
    case 'apache':
      return new ApacheUpstream(ports, tls, upstream.options)
    case 'haproxy':
      return new HaproxyUpstream(ports, tls, upstream.options)
    default:
      return upstream satisfies never
  }
}
