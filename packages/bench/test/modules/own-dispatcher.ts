import { Agent } from 'undici'
import type { ModuleSettings } from '../../src/bench/variants/create-caller.ts'

/** A dispatcher as a user may bring it. */
const createDispatcher = ({ options }: ModuleSettings): Agent =>
  new Agent({ connections: Number(options['connections']), keepAliveTimeout: 60_000 })

export default createDispatcher
