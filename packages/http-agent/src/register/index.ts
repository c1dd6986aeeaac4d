/**
 * Exports nothing: importing it, as `node --import` does, puts an `HttpAgent` and an `HttpsAgent`
 * in the place of Node's global agents and, where undici is installed, a `KeepAliveDispatcher` in
 * the place of its global dispatcher. `HOLDFAST_POLICY`, `HOLDFAST_CONFIG` and `HOLDFAST_PUBLISH`
 * in the environment set it; a wrong setting throws an `InvalidOptionError` before anything is
 * replaced.
 *
 * @module @holdfast/http-agent/register
 */

import http from 'node:http'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import process from 'node:process'
import { HttpAgent } from '../node/http-agent.ts'
import { HttpsAgent } from '../node/https-agent.ts'
import { publishPool } from '../publish/publish-pool.ts'
import { loadDispatcher } from './load-dispatcher.ts'
import { idleByPolicyAlone, optionsOf } from './node-global-agent.ts'
import { readSettings } from './read-settings.ts'

const { policy, publishedName } = readSettings(process.env)

// Every wrong setting throws here, before anything has been replaced.
const httpAgent = idleByPolicyAlone(
  new HttpAgent({ ...optionsOf<http.AgentOptions>(http.globalAgent), policy }),
)
const httpsAgent = idleByPolicyAlone(
  new HttpsAgent({ ...optionsOf<https.AgentOptions>(https.globalAgent), policy }),
)
const registered = loadDispatcher(policy, http.globalAgent)

http.globalAgent = httpAgent
https.globalAgent = httpsAgent
// Else `import { globalAgent } from 'node:http'` is Node's for good.
syncBuiltinESMExports()
registered?.install()

const publish = async (name: string): Promise<void> => {
  const pools = { http: httpAgent, https: httpsAgent, undici: registered?.dispatcher }
  for (const [kind, pool] of Object.entries(pools)) {
    if (pool !== undefined) await publishPool(pool, { name: `${name} ${kind}` })
  }
}

if (publishedName !== undefined) {
  // A service goes on where it cannot be published.
  publish(publishedName).catch(({ message }: Error) =>
    process.emitWarning(`The pools are not published: ${message}`, {
      code: 'HOLDFAST_NOT_PUBLISHED',
    }),
  )
}
