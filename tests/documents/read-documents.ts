import { glob, readFile } from 'node:fs/promises'
import { repositoryPath } from '../workspace/repository-path.ts'

/** A Markdown file of the repository. */
export interface Document {
  /** Its path from the root, with forward slashes. */
  readonly path: string
  readonly text: string
}

const FOLDERS = [
  '*.md',
  'docs/**/*.md',
  'packages/*/*.md',
  '.github/**/*.md',
  '.changeset/README.md',
] as const

export const readDocuments = async (): Promise<readonly Document[]> => {
  const paths: string[] = []
  for await (const path of glob(FOLDERS, { cwd: repositoryPath() })) paths.push(path)
  return await Promise.all(
    paths
      .sort((one, other) => (one < other ? -1 : 1))
      .map(async (path) => ({ path, text: await readFile(repositoryPath(path), 'utf8') })),
  )
}
