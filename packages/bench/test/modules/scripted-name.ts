import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import { isIP } from 'node:net'
import process from 'node:process'

/**
 * Answer of the resolver for every name, loaded before the command by `--import`: addresses with a
 * comma between them; `never` for none ever.
 */
const answer = process.env['SCRIPTED_NAME'] ?? ''

const addresses = answer
  .split(',')
  .filter((address) => address !== '')
  .map((address) => ({ address, family: isIP(address) }))

let lookups = 0

Object.assign(dns.promises, {
  lookup: async () => {
    lookups += 1
    if (lookups > 1) throw new Error('the name is looked up once')
    if (answer === 'never') await new Promise(() => undefined)
    return addresses
  },
})
Object.assign(dns, {
  lookup: () => {
    throw new Error('the name is looked up once')
  },
})
syncBuiltinESMExports()
