import http from 'node:http'
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

const STATUS = /^ ?(?<accepted>\d+) \d+ (?<requests>\d+) ?$/mu

/** Real nginx in one process. It counts for all its ports together; slices do not overlap. */
export class NginxUpstream implements UpstreamServer {
  readonly groups: readonly PortGroup[]
  readonly #server = new ForeignServer('nginx')
  readonly #configuration: string
  /** Questions of ours, which nginx counts, too. */
  #asked = 0

  constructor(groups: readonly PortGroup[], tls: boolean, options: ServerOptions<'nginx'>) {
    this.groups = groups
    this.#configuration = configurationFor({
      ports: groups.flat(),
      tls,
      options,
      statusSocket: this.#server.path('status.sock'),
    })
  }

  get description(): UpstreamDescription {
    const [, version = 'nginx'] = versionOf('nginx', '-v').split('version: ')
    return {
      software: version.trim(),
      configuration: this.#configuration,
      countsUnused: true,
    }
  }

  async start(): Promise<void> {
    const { directory } = this.#server
    const file = this.#server.write('nginx.conf', this.#configuration)
    await this.#server.start('nginx', ['-p', directory, '-c', file, '-e', 'stderr'], () =>
      this.counts(),
    )
  }

  async counts(): Promise<UpstreamCounts> {
    const groups = STATUS.exec(await get(this.#server.path('status.sock')))?.groups
    this.#asked += 1
    return {
      requests: Number(groups?.['requests']) - this.#asked,
      connections: Number(groups?.['accepted']) - this.#asked,
    }
  }

  /** Null: nginx keeps no requests by connection. */
  async uses(): Promise<null> {
    return await Promise.resolve(null)
  }

  async close(): Promise<void> {
    await this.#server.end()
  }
}

interface Configuration {
  readonly ports: readonly number[]
  readonly tls: boolean
  readonly options: ServerOptions<'nginx'>
  readonly statusSocket: string
}

/**
 * Configuration of one process, so that killing it leaves nothing; every participant has its own
 * ports.
 */
function configurationFor({ ports, tls, options, statusSocket }: Configuration): string {
  const { certificateFile, keyFile } = LOOPBACK_CERTIFICATE
  const secure = tls
    ? `    ssl_certificate ${certificateFile};\n    ssl_certificate_key ${keyFile};\n`
    : ''
  const listen = ports.map(
    (port) => `    listen ${LOOPBACK}:${port}${tls ? ' ssl' : ''} backlog=4096;\n`,
  )
  return `daemon off;
master_process off;
pid nginx.pid;
worker_rlimit_nofile 20000;
events { worker_connections 16384; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  keepalive_timeout ${options.keepalive_timeout}s;
  keepalive_requests ${options.keepalive_requests};
  server {
${listen.join('')}${secure}    default_type text/plain;
    location / { return 200 '${'h'.repeat(options.bodyBytes)}'; }
  }
  server {
    listen unix:${statusSocket};
    location / { stub_status; }
  }
}
`
}

function get(socketPath: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get({ socketPath, path: '/', agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () => resolve(text))
      answer.on('error', reject)
    })
    request.on('error', reject)
  })
}
