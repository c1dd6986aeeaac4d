import { chmod } from 'node:fs/promises'
import type { NetworkNamespace } from '../network/network-namespace.ts'
import { TemporaryDirectory } from '../workspace/temporary-directory.ts'
import { ServerProcess } from './server-process.ts'

export interface ApacheOptions {
  readonly port?: number
  /** `KeepAliveTimeout`, in seconds. */
  readonly keepAliveTimeoutSeconds?: number
  /** `MaxKeepAliveRequests`; 0, the default here, means no limit. */
  readonly maxKeepAliveRequests?: number
}

const MODULES = '/usr/lib/apache2/modules'

const configuration = (path: string, port: number, options: ApacheOptions): string => `
ServerRoot ${path}
ServerName localhost
PidFile apache.pid
DefaultRuntimeDir ${path}
User www-data
Group www-data
LoadModule mpm_event_module ${MODULES}/mod_mpm_event.so
LoadModule authz_core_module ${MODULES}/mod_authz_core.so
ErrorLog error.log
Listen 127.0.0.1:${port}
ListenBacklog 4096
KeepAlive On
KeepAliveTimeout ${options.keepAliveTimeoutSeconds ?? 60}
MaxKeepAliveRequests ${options.maxKeepAliveRequests ?? 0}
DocumentRoot ${path}/site
`

/** Starts an Apache that answers `/ok` with `ok`. */
export const startApache = async (
  namespace: NetworkNamespace,
  options: ApacheOptions = {},
): Promise<ServerProcess> => {
  const { port = 8081 } = options
  const directory = await TemporaryDirectory.create()
  // Apache's workers are not root, and must read it.
  await chmod(directory.path, 0o755)
  await directory.write('apache.conf', configuration(directory.path, port, options))
  await directory.write('site/ok', 'ok')
  const command = ['apache2', '-D', 'FOREGROUND', '-f', `${directory.path}/apache.conf`] as const
  return ServerProcess.start(namespace, command, port, () => directory[Symbol.asyncDispose]())
}
