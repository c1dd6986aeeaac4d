import type { NetworkNamespace } from '../network/network-namespace.ts'
import { TemporaryDirectory } from '../workspace/temporary-directory.ts'
import { ServerProcess } from './server-process.ts'

export interface NginxOptions {
  readonly port?: number
  /** `keepalive_timeout`, with its second value where the time-out is to be announced. */
  readonly keepAliveTimeout?: string
  readonly keepAliveRequests?: number
  /** The paths of key and certificate, for HTTPS. */
  readonly tls?: { readonly key: string; readonly certificate: string }
}

const configuration = (port: number, options: NginxOptions): string => {
  const { keepAliveTimeout = '75s', keepAliveRequests = 1_000_000, tls } = options
  const tlsLines =
    tls === undefined ? '' : `ssl_certificate ${tls.certificate}; ssl_certificate_key ${tls.key};`
  return `
daemon off;
pid nginx.pid;
worker_processes 1;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path client; proxy_temp_path proxy;
  fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  keepalive_timeout ${keepAliveTimeout};
  keepalive_requests ${keepAliveRequests};
  server {
    listen ${port} reuseport backlog=4096${tls === undefined ? '' : ' ssl'};
    ${tlsLines}
    location / { default_type text/plain; return 200 "ok"; }
  }
}
`
}

/** Starts an nginx that answers everything with `ok`. */
export const startNginx = async (
  namespace: NetworkNamespace,
  options: NginxOptions = {},
): Promise<ServerProcess> => {
  const { port = 8080 } = options
  const directory = await TemporaryDirectory.create()
  await directory.write('nginx.conf', configuration(port, options))
  const command = ['nginx', '-e', 'stderr', '-p', directory.path, '-c', 'nginx.conf'] as const
  return ServerProcess.start(namespace, command, port, () => directory[Symbol.asyncDispose]())
}
