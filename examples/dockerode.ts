// dockerode takes an agent, for a unix socket as well.
import { HttpAgent } from '@holdfast/http-agent'
import Docker from 'dockerode'

export const agent = new HttpAgent()

export const dockerAt = (socketPath: string): Docker => {
  const options = { socketPath, agent }
  return new Docker(options)
}
