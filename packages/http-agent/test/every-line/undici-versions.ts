import { createRequire } from 'node:module'
import process from 'node:process'

const require = createRequire(import.meta.url)

/** An undici of either version, as far as the tests use it. */
export type Undici = typeof import('undici')

export interface UndiciVersion {
  readonly name: string
  readonly undici: Undici
}

const major = Number(process.versions.node.split('.', 1)[0])

/** Each undici that loads on this Node: 8 needs 22. */
export const UNDICI_VERSIONS: readonly UndiciVersion[] = [
  { name: 'undici 7', undici: require('undici') as Undici },
  ...(major >= 22 ? [{ name: 'undici 8', undici: require('undici8') as Undici }] : []),
]
