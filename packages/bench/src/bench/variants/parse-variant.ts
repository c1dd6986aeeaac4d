import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../../cli/command-line.ts'
import { didYouMean } from '../../cli/nearest.ts'
import { parseSpec, type SpecOptions } from '../../cli/spec.ts'
import { CLIENTS } from './clients.ts'
import type { Variant } from './variant.ts'

const PATH = /^(?:\.{0,2}\/|file:)/u

/** Reads `name` or `name:key=value,…`, where the name may be the path of a module. */
export function parseVariant(text: string): Variant {
  const { name, options } = parseSpec('variant', text)
  return variantOf(text, name, options)
}

/** Checks a variant. Throws {@link UsageError}. */
export function variantOf(name: string, client: string, options: SpecOptions): Variant {
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
