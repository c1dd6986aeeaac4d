import { posix } from 'node:path'
import type { Source } from './read-sources.ts'

const MODULE = /^packages\/(?<package>core|http-agent)\/src\/(?<path>.+)\.ts$/u

/**
 * Modules of core and of the agents that ARCHITECTURE.md does not name: neither by their path, nor by
 * their name beside that of their folder, nor together with their whole folder.
 */
export const unmappedModules = (
  sources: readonly Source[],
  architecture: string,
): readonly string[] =>
  sources.flatMap(({ path }) => {
    const module = MODULE.exec(path)?.groups?.['path']
    if (module === undefined || module.endsWith('.test')) return []
    const folder = posix.dirname(module)
    const names = [`${module}.ts`, `${folder}/`, posix.basename(module), `${folder}/index.ts`]
    const isEntry = posix.basename(module) === 'index'
    return isEntry || names.some((name) => architecture.includes(`\`${name}\``)) ? [] : [path]
  })
