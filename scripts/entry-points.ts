import { readFile } from 'node:fs/promises'

/** A public entry of one of the packages. */
export interface EntryPoint {
  /** As it is imported, such as `@holdfast/http-agent/undici`. */
  readonly specifier: string
  /** The path of its declarations, from the root. */
  readonly types: string
  /** The file in `docs/api-snapshot` that holds its public declarations. */
  readonly snapshot: string
  /** The file in `docs/api` that describes them. */
  readonly page: string
}

const PACKAGES = ['core', 'http-agent', 'bench'] as const

interface Manifest {
  readonly name: string
  readonly exports?: Readonly<Record<string, string | { readonly types: string }>>
}

/** All entries that can be imported, in the order in which the manifests list them. */
export const readEntryPoints = async (root: URL): Promise<readonly EntryPoint[]> => {
  const entries: EntryPoint[] = []
  for (const folder of PACKAGES) {
    const text = await readFile(new URL(`packages/${folder}/package.json`, root), 'utf8')
    const { name, exports = {} } = JSON.parse(text) as Manifest
    for (const [path, target] of Object.entries(exports)) {
      if (typeof target === 'string') continue
      const entry = path.slice(2)
      const file = entry === '' ? folder : `${folder}.${entry}`
      entries.push({
        specifier: entry === '' ? name : `${name}/${entry}`,
        types: `packages/${folder}/${target.types.slice(2)}`,
        snapshot: `${file}.txt`,
        page: `${file}.md`,
      })
    }
  }
  return entries
}
