import { glob, readFile } from 'node:fs/promises'
import { repositoryPath } from '../workspace/repository-path.ts'

/** A file of the repository; the path is relative to the root, with slashes. */
export interface Source {
  readonly path: string
  readonly text: string
}

const HAND_WRITTEN = '{packages,scripts,tests}/**/*.{ts,mts,cts,js,mjs,cjs}'
const BUILT_OR_FOREIGN = new Set(['build', 'coverage', 'dist', 'node_modules'])

/** Every file of code that somebody wrote. */
export const readSources = async (): Promise<readonly Source[]> => {
  const sources: Source[] = []
  const exclude = (path: string): boolean => BUILT_OR_FOREIGN.has(path.split('/').at(-1) ?? '')
  for await (const path of glob(HAND_WRITTEN, { cwd: repositoryPath(), exclude })) {
    sources.push({ path, text: await readFile(repositoryPath(path), 'utf8') })
  }
  return sources
}
