import type { NetworkNamespace } from '../network/network-namespace.ts'
import { TemporaryDirectory } from '../workspace/temporary-directory.ts'
import { ServerProcess } from './server-process.ts'

export interface HaproxyOptions {
  readonly port?: number
  /** `timeout http-keep-alive`, in milliseconds. */
  readonly keepAliveTimeoutMs?: number
}

const configuration = (port: number, { keepAliveTimeoutMs = 60_000 }: HaproxyOptions): string => `
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout http-keep-alive ${keepAliveTimeoutMs}ms
frontend web
  bind 127.0.0.1:${port} backlog 4096
  http-request return status 200 content-type text/plain string ok
`

/** Starts an HAProxy that answers everything with `ok` itself. */
export const startHaproxy = async (
  namespace: NetworkNamespace,
  options: HaproxyOptions = {},
): Promise<ServerProcess> => {
  const { port = 8082 } = options
  const directory = await TemporaryDirectory.create()
  await directory.write('haproxy.cfg', configuration(port, options))
  const command = ['haproxy', '-db', '-q', '-f', `${directory.path}/haproxy.cfg`] as const
  return ServerProcess.start(namespace, command, port, () => directory[Symbol.asyncDispose]())
}
