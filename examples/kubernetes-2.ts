// The Kubernetes client 2 takes a dispatcher where it sets what each request is authorised with.
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { KubeConfig, type RequestContext } from '@kubernetes/client-node'

export const dispatcher = new KeepAliveDispatcher()

export class KeptKubeConfig extends KubeConfig {
  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context)
    context.setDispatcher(dispatcher)
  }
}
