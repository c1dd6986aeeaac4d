import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { freePorts } from '../system/free-ports.ts'
import { ServerProcess } from '../system/server-process.ts'
import {
  DEFAULT_BODY,
  grouped,
  type PortGroup,
  type PortPlan,
  type UpstreamCounts,
  type UpstreamDescription,
  type UpstreamServer,
} from './upstream-server.ts'

const STATUS = /^ ?(?<accepted>\d+) \d+ (?<requests>\d+) ?$/mu

/** A real nginx in one process. It counts for all its ports together, and slices do not overlap. */
export class NginxUpstream implements UpstreamServer {
  readonly description: UpstreamDescription
  readonly groups: readonly PortGroup[]
  readonly #directory: string
  readonly #server: ServerProcess
  /** Our own questions, which nginx counts, too. */
  #asked = 0

  static async open({ groups, portsPerGroup }: PortPlan): Promise<NginxUpstream> {
    const ports = await freePorts(groups * portsPerGroup)
    const directory = mkdtempSync(path.join(os.tmpdir(), 'holdfast-nginx-'))
    const upstream = new NginxUpstream(directory, grouped(ports, portsPerGroup))
    try {
      await upstream.#server.answers(() => upstream.counts())
      return upstream
    } catch (error) {
      await upstream.close()
      throw error
    }
  }

  private constructor(directory: string, groups: readonly PortGroup[]) {
    this.#directory = directory
    this.groups = groups
    const configuration = configurationFor(groups.flat(), path.join(directory, 'status.sock'))
    const file = path.join(directory, 'nginx.conf')
    writeFileSync(file, configuration)
    this.#server = new ServerProcess('nginx', ['-p', directory, '-c', file, '-e', 'stderr'])
    this.description = { software: 'nginx', configuration }
  }

  async counts(): Promise<UpstreamCounts> {
    const socketPath = path.join(this.#directory, 'status.sock')
    const groups = STATUS.exec(await get(socketPath))?.groups
    this.#asked += 1
    return {
      requests: Number(groups?.['requests']) - this.#asked,
      connections: Number(groups?.['accepted']) - this.#asked,
    }
  }

  /** nginx does not keep them. */
  uses(): null {
    return null
  }

  async close(): Promise<void> {
    await this.#server.end()
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

/** One process, so that killing it leaves nothing; every participant has a port of its own. */
function configurationFor(ports: readonly number[], statusSocket: string): string {
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
  keepalive_timeout 600s;
  keepalive_requests 1000000000;
  server {
${ports.map((port) => `    listen 127.0.0.1:${port} backlog=4096;`).join('\n')}
    default_type application/json;
    location / { return 200 '${DEFAULT_BODY}'; }
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
