import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { MissingPeerError } from './missing-peer-error.ts'
import { PeerNeedsNodeError } from './peer-needs-node-error.ts'
import { requireHere } from './require-here.ts'

/** A library that need not be installed, and what an entry wants of it. */
export interface PeerLibrary {
  readonly name: string
  /** The versions that would do, and what to install. */
  readonly range: string
  /** The oldest minor version that would do, of each major one. Newer major ones are given a try. */
  readonly oldest: Readonly<Record<number, number>>
}

const MISSING: ReadonlySet<unknown> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'])

interface Manifest {
  readonly name?: unknown
  readonly version?: unknown
  readonly engines?: { readonly node?: unknown }
}

const readManifest = (folder: string): Manifest | undefined => {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * The manifest of the version that is installed; `undefined` where that is not known, as in a bundle. A
 * library may not let it be imported, so that it is looked for above the library's entry.
 */
const installedManifest = (name: string): Manifest | undefined => {
  let folder: string
  try {
    folder = dirname(requireHere.resolve(name))
  } catch {
    return undefined
  }
  while (true) {
    const manifest = readManifest(folder)
    if (manifest?.name === name) return manifest
    const parent = dirname(folder)
    if (parent === folder) return undefined
    folder = parent
  }
}

const isTooOld = (version: string, oldest: PeerLibrary['oldest']): boolean => {
  const [major = Number.NaN, minor = Number.NaN] = version.split('.', 2).map(Number)
  const oldestMinor = oldest[major]
  if (oldestMinor !== undefined) return minor < oldestMinor
  return major < Math.max(...Object.keys(oldest).map(Number))
}

/**
 * @throws MissingPeerError (`ERR_HOLDFAST_MISSING_PEER`) where a version of the library is installed
 * that is too old.
 */
const checkVersion = ({ name, range, oldest }: PeerLibrary): void => {
  const manifest = installedManifest(name)
  if (manifest === undefined) return
  const version = String(manifest.version)
  if (isTooOld(version, oldest)) throw new MissingPeerError(name, range, version)
}

const FROM_ON = /^>=\s*(?<oldest>[\d.]+)$/u

/** The Node that the library asks for, where this one is older; other ranges than `>=` are not judged. */
const newerNodeFor = (manifest: Manifest | undefined): string | undefined => {
  const engine = String(manifest?.engines?.node)
  const oldest = FROM_ON.exec(engine)?.groups?.['oldest']
  if (oldest === undefined) return undefined
  const order = process.versions.node.localeCompare(oldest, 'en', { numeric: true })
  return order < 0 ? engine : undefined
}

/** The error for a library that does not load. It says what to install, if that is the cause. */
const explain = ({ name, range }: PeerLibrary, error: unknown): unknown => {
  const { code, message } = error as NodeJS.ErrnoException
  // The library may be there and miss something of its own.
  const isMissing = MISSING.has(code) && message.includes(`'${name}'`)
  if (isMissing) return new MissingPeerError(name, range, undefined, { cause: error })
  const manifest = installedManifest(name)
  const engine = newerNodeFor(manifest)
  if (engine === undefined) return error
  const found = String(manifest?.version)
  return new PeerNeedsNodeError({ library: name, found, engine, wanted: range }, { cause: error })
}

/**
 * Loads a library that need not be installed.
 *
 * @throws MissingPeerError (`ERR_HOLDFAST_MISSING_PEER`) where it is not, or is too old, and
 * PeerNeedsNodeError, with the same code, where it does not load because it needs a newer Node.
 */
export const loadPeer = async <Module>(
  library: PeerLibrary,
  load: () => Promise<Module>,
): Promise<Module> => {
  checkVersion(library)
  try {
    return await load()
  } catch (error) {
    throw explain(library, error)
  }
}

/** The same for a library that is loaded synchronously. */
export const requirePeer = <Module>(library: PeerLibrary, load: () => Module): Module => {
  checkVersion(library)
  try {
    return load()
  } catch (error) {
    throw explain(library, error)
  }
}
