import { cpSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'

const require = createRequire(import.meta.url)

/** The folder of a package, wherever it is installed. */
const folderOf = (name: string): string => path.dirname(require.resolve(`${name}/package.json`))

/**
 * A project of its own, in which this package stands beside the undici that is given, or none, and other
 * packages, by the names that they are to have.
 */
export const installProject = (
  undici: string | undefined,
  others: Readonly<Record<string, string>> = {},
): string => {
  const project = mkdtempSync(path.join(tmpdir(), 'holdfast-'))
  const scope = path.join(project, 'node_modules', '@holdfast')
  mkdirSync(scope, { recursive: true })
  for (const name of ['core', 'http-agent']) {
    const from = folderOf(`@holdfast/${name}`)
    const to = path.join(scope, name)
    mkdirSync(to)
    for (const part of ['dist', 'package.json']) {
      cpSync(path.join(from, part), path.join(to, part), { recursive: true })
    }
  }
  const packages = undici === undefined ? others : { ...others, undici }
  for (const [name, source] of Object.entries(packages)) {
    symlinkSync(folderOf(source), path.join(project, 'node_modules', name))
  }
  return project
}
