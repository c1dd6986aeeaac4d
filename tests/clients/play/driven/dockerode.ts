import Docker from 'dockerode'
import { agent, dockerAt } from '../../../../examples/dockerode.ts'
import { byteLength } from '../ask.ts'
import type { Client } from '../client.ts'
import { type Answers, json } from '../server/answers.ts'

export const answers: Answers = {
  get: json([{ Id: '$answer' }]),
  others: json({ Id: '$answer' }),
}

export const client: Client = {
  pools: [agent],
  get: async (socketPath, { signal, timeoutMs }) => {
    const limited = { socketPath, agent, timeout: timeoutMs }
    const docker = timeoutMs === undefined ? dockerAt(socketPath) : new Docker(limited)
    const containers = await docker.listContainers(
      signal === undefined ? {} : { abortSignal: signal },
    )
    return containers.map(({ Id }) => Id).join()
  },
  post: async (socketPath, label) => {
    const { id } = await dockerAt(socketPath).createContainer({ Labels: { label } })
    return id
  },
  upload: async (socketPath, body) => {
    const answer: unknown = await dockerAt(socketPath)
      .getContainer('one')
      .putArchive(body, { path: '/' })
    return String(Reflect.get(Object(answer), 'Id'))
  },
  download: async (socketPath) =>
    byteLength(await dockerAt(socketPath).getContainer('one').export()),
}
