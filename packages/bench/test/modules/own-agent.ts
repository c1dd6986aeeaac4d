import http from 'node:http'
import type { ModuleSettings } from '../../src/bench/variants/create-caller.ts'

/** An agent as a user may bring it. */
const createAgent = async ({ options }: ModuleSettings): Promise<http.Agent> =>
  await Promise.resolve(
    new http.Agent({ keepAlive: true, maxSockets: Number(options['connections']) }),
  )

export default createAgent
