import { posix } from 'node:path'
import { importedSpecifiers } from './imported-specifiers.ts'
import type { Manifest } from './manifest.ts'
import type { Source } from './read-sources.ts'

const PACKAGE_FOLDER = /^packages\/[^/]+\//u
const OWN_SCOPE = /^(?<name>@holdfast\/[^/]+)(?<entry>\/.*)?$/u

/** Tests with real servers, and what only they import, share the equipment in the root's `tests/`. */
const SYSTEM_TEST = /^packages\/[^/]+\/test\/system\//u

const leavesItsPackage = (path: string, specifier: string): boolean => {
  const folder = PACKAGE_FOLDER.exec(path)?.[0]
  if (folder === undefined || !specifier.startsWith('.')) return false
  const target = posix.join(posix.dirname(path), specifier)
  if (SYSTEM_TEST.test(path) && target.startsWith('tests/')) return false
  return !target.startsWith(folder)
}

const passesTheEntries = (specifier: string, manifests: readonly Manifest[]): boolean => {
  const { name, entry = '' } = OWN_SCOPE.exec(specifier)?.groups ?? {}
  if (name === undefined) return false
  const entries = manifests.find((manifest) => manifest.name === name)?.exports ?? {}
  return !Object.hasOwn(entries, `.${entry}`)
}

/** Imports that reach into another package instead of using one of its public entries. */
export const trespasses = (
  sources: readonly Source[],
  manifests: readonly Manifest[],
): readonly string[] =>
  sources.flatMap(({ path, text }) =>
    importedSpecifiers(text)
      .filter(
        (specifier) => leavesItsPackage(path, specifier) || passesTheEntries(specifier, manifests),
      )
      .map((specifier) => `${path} imports ${specifier}`),
  )
