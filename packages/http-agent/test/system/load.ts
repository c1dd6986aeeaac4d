import type { NetworkNamespace } from '../../../../tests/network/network-namespace.ts'
import { ServerProcess } from '../../../../tests/servers/server-process.ts'
import type { LoadOutcome, LoadPlan } from '../every-line/load-client.ts'
import { CompiledProcess, compiledCommand, type NodeLine } from './compiled-process.ts'

export const PORT = 8080

/** Starts a server of Node's that answers everything with `ok`. */
export const startNode = (
  namespace: NetworkNamespace,
  protocol: 'http' | 'https' = 'http',
): Promise<ServerProcess> =>
  ServerProcess.start(namespace, compiledCommand('node', 'ok-server', [protocol, `${PORT}`]), PORT)

/** Starts a client that loads the server at these addresses in turn; its next news are the outcome. */
export const startLoad = (
  namespace: NetworkNamespace,
  line: NodeLine,
  plan: Omit<LoadPlan, 'urls'>,
  addresses: readonly string[] = ['127.0.0.1'],
): CompiledProcess<LoadOutcome> => {
  const protocol = plan.client === 'HttpsAgent' ? 'https' : 'http'
  const urls = addresses.map((address) => `${protocol}://${address}:${PORT}/ok`)
  const loadPlan: LoadPlan = { ...plan, urls }
  return new CompiledProcess(namespace, line, 'load-client', [JSON.stringify(loadPlan)])
}
