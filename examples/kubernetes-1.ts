// The Kubernetes client 1 takes an agent where it sets what each request is authorised with.
import { HttpsAgent } from '@holdfast/http-agent'
import { KubeConfig, type RequestContext } from '@kubernetes/client-node'

export const agent = new HttpsAgent()

export class KeptKubeConfig extends KubeConfig {
  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context)
    context.setAgent(agent)
  }
}
