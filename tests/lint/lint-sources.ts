import { cp, glob } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryPath } from '../workspace/repository-path.ts'
import { runProgram } from '../workspace/run-program.ts'
import { TemporaryDirectory } from '../workspace/temporary-directory.ts'

interface Report {
  readonly diagnostics: readonly {
    readonly category: string
    readonly message: string
    readonly severity: string
    readonly location: { readonly path: string }
  }[]
}

const CONFIGURATION = ['biome.json', 'package.json', 'packages/*/package.json', 'tests/lint/*.grit']

/**
 * What the linter reports about sources that stand at the given paths of this repository: for each
 * path, one line `rule: message` per error or warning. The linter applies overrides and plugins to
 * files only, so the sources are laid out in a copy of the repository's configuration.
 */
export const lintSources = async (
  sources: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  await using directory = await TemporaryDirectory.create()
  for await (const file of glob(CONFIGURATION, { cwd: repositoryPath() })) {
    await cp(repositoryPath(file), join(directory.path, file))
  }
  for (const [path, source] of Object.entries(sources)) await directory.write(path, source)

  const { out, err } = await runProgram(
    repositoryPath('node_modules/.bin/biome'),
    ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', 'packages'],
    { cwd: directory.path },
  )
  if (!out.startsWith('{')) throw new Error(`the linter did not lint: ${err}`)

  const reported = new Map<string, string[]>(Object.keys(sources).map((path) => [path, []]))
  for (const { category, message, severity, location } of (JSON.parse(out) as Report).diagnostics) {
    if (severity !== 'info') reported.get(location.path)?.push(`${category}: ${message}`)
  }
  return reported
}
