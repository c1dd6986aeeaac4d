import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import net from 'node:net'
import process from 'node:process'
import { LOOPBACK } from '../../linux/loopback.ts'
import { ForeignServer } from './foreign-server.ts'
import { LOOPBACK_CERTIFICATE } from './loopback-certificate.ts'
import { versionOf } from './server-process.ts'
import type { ServerOptions } from './upstream.ts'
import type {
  ConnectionUses,
  PortGroup,
  UpstreamCounts,
  UpstreamDescription,
  UpstreamServer,
} from './upstream-server.ts'

/** Directories in which distributions keep the modules. */
const MODULE_DIRECTORIES = [
  '/usr/lib/apache2/modules',
  '/usr/lib64/httpd/modules',
  '/usr/libexec/apache2',
]

const VERSION = /Apache\/\S+/u

/** Real Apache in one process with many threads. Its log tells what it has served. */
export class ApacheUpstream implements UpstreamServer {
  readonly groups: readonly PortGroup[]
  readonly #server = new ForeignServer('apache')
  readonly #configuration: string
  readonly #program: string

  constructor(groups: readonly PortGroup[], tls: boolean, options: ServerOptions<'apache'>) {
    this.groups = groups
    this.#program = existsSync('/usr/sbin/httpd') ? 'httpd' : 'apache2'
    this.#configuration = this.#configurationFor(tls, options)
    this.#server.write('index.txt', 'h'.repeat(options.bodyBytes))
  }

  get description(): UpstreamDescription {
    return {
      software: VERSION.exec(versionOf(this.#program, '-v'))?.[0] ?? 'Apache',
      configuration: this.#configuration,
      // The log knows a connection by its first request.
      countsUnused: false,
    }
  }

  async start(): Promise<void> {
    const file = this.#server.write('httpd.conf', this.#configuration)
    const port = this.groups[0]?.[0] ?? 0
    await this.#server.start(this.#program, ['-X', '-f', file], async () => {
      const socket = net.connect(port, LOOPBACK)
      await once(socket, 'connect')
      socket.destroy()
    })
  }

  async counts(group: number): Promise<UpstreamCounts> {
    const uses = this.#requestNumbers(group)
    return await Promise.resolve({
      requests: uses.length,
      connections: uses.filter((number) => number === 0).length,
    })
  }

  /** A connection that served n requests appears in the log with each number below n. */
  async uses(group: number): Promise<ConnectionUses> {
    const reached: number[] = []
    for (const number of this.#requestNumbers(group)) reached[number] = (reached[number] ?? 0) + 1
    return await Promise.resolve(
      reached.flatMap((count, number): [number, number][] => {
        const ended = count - (reached[number + 1] ?? 0)
        return ended === 0 ? [] : [[number + 1, ended]]
      }),
    )
  }

  async close(): Promise<void> {
    await this.#server.end()
  }

  /** Numbers that each request at these ports had on its connection, from 0. */
  #requestNumbers(group: number): number[] {
    const ports = new Set(this.groups[group]?.map(String))
    return readFileSync(this.#server.path('access.log'), 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [port = '', number] = line.split(' ')
        return ports.has(port) ? [Number(number)] : []
      })
  }

  #configurationFor(tls: boolean, options: ServerOptions<'apache'>): string {
    const modules = MODULE_DIRECTORIES.find((directory) => existsSync(directory)) ?? 'modules'
    const { certificateFile, keyFile } = LOOPBACK_CERTIFICATE
    const secure = `LoadModule ssl_module ${modules}/mod_ssl.so
SSLEngine on
SSLCertificateFile ${certificateFile}
SSLCertificateKeyFile ${keyFile}
`
    const listen = this.groups.flat().map((port) => `Listen ${LOOPBACK}:${port}\n`)
    return `ServerName localhost
ServerRoot ${this.#server.directory}
DocumentRoot ${this.#server.directory}
LoadModule mpm_event_module ${modules}/mod_mpm_event.so
LoadModule authz_core_module ${modules}/mod_authz_core.so
LoadModule dir_module ${modules}/mod_dir.so
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data\n' : ''}${tls ? secure : ''}PidFile httpd.pid
ErrorLog error.log
LogLevel error
LogFormat "%{local}p %k" count
CustomLog access.log count
ServerLimit 1
StartServers 1
ThreadLimit 512
ThreadsPerChild 512
MaxRequestWorkers 512
AsyncRequestWorkerFactor 16
ListenBackLog 4096
KeepAlive ${options.KeepAlive}
MaxKeepAliveRequests ${options.MaxKeepAliveRequests}
KeepAliveTimeout ${Math.round(options.KeepAliveTimeout * 1000)}ms
DirectoryIndex index.txt
${listen.join('')}`
  }
}
