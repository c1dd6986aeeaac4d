import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { didYouMean } from '../../cli/nearest.ts'
import { type LooseValues, looseValues, parseSpec } from '../../cli/spec.ts'
import { UsageError } from '../../cli/usage-error.ts'
import { CLIENTS } from './clients.ts'
import type { Variant } from './variant.ts'

const PATH = /^(?:\.{0,2}\/|file:)/u

/** Reads `name` or `name:key=value,…`, where the name may be the path of a module. */
export function parseVariant(text: string): Variant {
  const { name, settings } = parseSpec('variant', text)
  return variantOf(text, name, looseValues(settings))
}

/**
 * Checks a variant.
 *
 * @throws UsageError for an unknown client, and for options that it does not take
 */
export function variantOf(name: string, client: string, options: LooseValues): Variant {
  if (PATH.test(client)) return { name, client: moduleUrl(client), options }
  const known = CLIENTS.get(client)
  if (known === undefined) {
    const hint =
      didYouMean(client, CLIENTS.keys()) || '; see holdfast bench --help, or name a ./FILE'
    throw new UsageError(`unknown variant ${client}${hint}`)
  }
  known.check(options)
  return { name, client, options }
}

function moduleUrl(client: string): string {
  const file = client.startsWith('file:') ? new URL(client) : pathToFileURL(path.resolve(client))
  if (!existsSync(file)) throw new UsageError(`variant ${client}: there is no such file`)
  return file.href
}
