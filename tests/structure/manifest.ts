import { glob, readFile } from 'node:fs/promises'
import { repositoryPath } from '../workspace/repository-path.ts'

type Versions = Readonly<Record<string, string>>

/** What of a package.json concerns the structure. */
export interface Manifest {
  readonly name: string
  readonly exports?: Readonly<Record<string, unknown>>
  readonly dependencies?: Versions
  readonly optionalDependencies?: Versions
  readonly peerDependencies?: Versions
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** The manifests of the packages. */
export const readManifests = async (): Promise<readonly Manifest[]> => {
  const manifests: Manifest[] = []
  for await (const path of glob('packages/*/package.json', { cwd: repositoryPath() })) {
    manifests.push(JSON.parse(await readFile(repositoryPath(path), 'utf8')) as Manifest)
  }
  return manifests
}
