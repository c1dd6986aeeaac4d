import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { repositoryPath } from '../../tests/workspace/repository-path.ts'
import { runProgram } from '../../tests/workspace/run-program.ts'
import { TemporaryDirectory } from '../../tests/workspace/temporary-directory.ts'

const FOLDER = repositoryPath('scripts/api-reference')

/** The pages of the API reference by their file names, as TypeDoc writes them from the docstrings. */
export const apiReference = async (): Promise<ReadonlyMap<string, string>> => {
  await using directory = await TemporaryDirectory.create()
  const typedoc = join(FOLDER, 'node_modules/typedoc/bin/typedoc')
  const args = [typedoc, '--options', join(FOLDER, 'typedoc.json'), '--out', directory.path]
  const { code, out, err } = await runProgram(process.execPath, args, { cwd: FOLDER })
  if (code !== 0) throw new Error(`TypeDoc failed: ${out}${err}`)
  const names = await readdir(directory.path)
  const pages = names.map(
    async (name) => [name, await readFile(join(directory.path, name), 'utf8')] as const,
  )
  return new Map(await Promise.all(pages))
}
