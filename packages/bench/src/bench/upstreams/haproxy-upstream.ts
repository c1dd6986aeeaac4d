import net from 'node:net'
import { text } from 'node:stream/consumers'
import { LOOPBACK } from '../../linux/loopback.ts'
import { ForeignServer } from './foreign-server.ts'
import { LOOPBACK_CERTIFICATE } from './loopback-certificate.ts'
import { versionOf } from './server-process.ts'
import type { ServerOptions } from './upstream.ts'
import type {
  PortGroup,
  UpstreamCounts,
  UpstreamDescription,
  UpstreamServer,
} from './upstream-server.ts'

const VERSION = /version (?<version>\S+)/u

/** Real HAProxy in one thread, which answers by itself. It counts by frontend. */
export class HaproxyUpstream implements UpstreamServer {
  readonly groups: readonly PortGroup[]
  readonly #server = new ForeignServer('haproxy')
  readonly #configuration: string

  constructor(groups: readonly PortGroup[], tls: boolean, options: ServerOptions<'haproxy'>) {
    this.groups = groups
    this.#configuration = this.#configurationFor(tls, options)
  }

  get description(): UpstreamDescription {
    const version = VERSION.exec(versionOf('haproxy', '-v'))?.groups?.['version'] ?? ''
    return {
      software: `HAProxy ${version}`.trim(),
      configuration: this.#configuration,
      countsUnused: true,
    }
  }

  async start(): Promise<void> {
    const file = this.#server.write('haproxy.cfg', this.#configuration)
    await this.#server.start('haproxy', ['-db', '-f', file], () => this.counts(0))
  }

  async counts(group: number): Promise<UpstreamCounts> {
    const socket = net.connect(this.#server.path('stats.sock'))
    socket.end('show stat\n')
    const [head = '', ...rows] = (await text(socket)).split('\n')
    const names = head.replace('# ', '').split(',')
    const values = rows.find((row) => row.startsWith(`group${group},FRONTEND,`))?.split(',')
    const numberIn = (name: string): number => Number(values?.[names.indexOf(name)])
    return { requests: numberIn('req_tot'), connections: numberIn('conn_tot') }
  }

  /** Null: HAProxy keeps no requests by connection. */
  async uses(): Promise<null> {
    return await Promise.resolve(null)
  }

  async close(): Promise<void> {
    await this.#server.end()
  }

  #configurationFor(tls: boolean, options: ServerOptions<'haproxy'>): string {
    const { certificateFile, keyFile } = LOOPBACK_CERTIFICATE
    const pem = this.#server.path('loopback.pem')
    if (tls) this.#server.concatenate('loopback.pem', [certificateFile, keyFile])
    const frontends = this.groups.map((ports, group) => {
      const binds = ports.map(
        (port) => `  bind ${LOOPBACK}:${port} backlog 4096${tls ? ` ssl crt ${pem}` : ''}\n`,
      )
      return `frontend group${group}
${binds.join('')}  http-request return status 200 content-type text/plain string ${'h'.repeat(options.bodyBytes)}
`
    })
    return `global
  nbthread 1
  stats socket ${this.#server.path('stats.sock')}
defaults
  mode http
  timeout connect 5s
  timeout client 600s
  timeout server 600s
  timeout http-keep-alive ${options['timeout-http-keep-alive']}ms
${frontends.join('')}`
  }
}
