import { CoreV1Api } from '@kubernetes/client-node'
import { agent, KeptKubeConfig } from '../../../../examples/kubernetes-1.ts'
import type { Client } from '../client.ts'
import { type Answers, json } from '../server/answers.ts'

const pod = json({ kind: 'Pod', apiVersion: 'v1', metadata: { name: '$answer' } })

export const answers: Answers = { get: pod, others: pod }

const at = (server: string): CoreV1Api => {
  const config = new KeptKubeConfig()
  config.loadFromOptions({
    clusters: [{ name: 'cluster', server, skipTLSVerify: server.startsWith('http:') }],
    users: [{ name: 'user', token: 'token' }],
    contexts: [{ name: 'context', cluster: 'cluster', user: 'user' }],
    currentContext: 'context',
  })
  return config.makeApiClient(CoreV1Api)
}

const namespace = 'default'

export const client: Client = {
  pools: [agent],
  get: async (origin) => {
    const { metadata } = await at(origin).readNamespacedPod({ name: 'pod', namespace })
    return String(metadata?.name)
  },
  post: async (origin, name) => {
    const { metadata } = await at(origin).createNamespacedPod({
      namespace,
      body: { metadata: { name } },
    })
    return String(metadata?.name)
  },
}
