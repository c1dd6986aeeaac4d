import nodeModule from 'node:module'
import { isAbsolute } from 'node:path'

/**
 * Where this file runs. A bundle in CommonJS has no `import.meta.url`, or that of a machine where it was
 * made; an ES module has no `__filename`, but that of a script of the command line (`node --eval`), which is
 * global and no path. It is tried, because webpack answers for `typeof`.
 */
const findHere = (): string => {
  try {
    // biome-ignore lint/correctness/noGlobalDirnameFilename: it is there in a bundle in CommonJS
    if (isAbsolute(__filename)) return __filename
  } catch {
    // An ES module.
  }
  return import.meta.url
}

/**
 * `require` as seen from this package, or from the bundle that it is part of. `createRequire` is not
 * imported by its name, because webpack would put something of its own in its place.
 */
export const requireHere: NodeJS.Require = nodeModule.createRequire(findHere())
