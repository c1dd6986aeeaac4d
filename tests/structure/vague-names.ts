import type { Source } from './read-sources.ts'

const VAGUE = new Set([
  'common',
  'constants',
  'helper',
  'helpers',
  'misc',
  'types',
  'util',
  'utils',
])

/** Files and folders whose name says nothing of their concern. */
export const vagueNames = (sources: readonly Source[]): readonly string[] =>
  sources
    .map(({ path }) => path)
    .filter((path) => path.split('/').some((part) => VAGUE.has(part.split('.', 1)[0] ?? '')))
