import { posix } from 'node:path'
import { importedSpecifiers } from './imported-specifiers.ts'
import type { Source } from './read-sources.ts'

type Graph = ReadonlyMap<string, readonly string[]>

const graphOf = (sources: readonly Source[]): Graph => {
  const known = new Set(sources.map(({ path }) => path))
  return new Map(
    sources.map(({ path, text }) => [
      path,
      importedSpecifiers(text)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => posix.join(posix.dirname(path), specifier))
        .filter((target) => known.has(target)),
    ]),
  )
}

/** Every file that can be reached by imports from this one, itself only by a circle. */
const reachableFrom = (graph: Graph, start: string): ReadonlySet<string> => {
  const reached = new Set<string>()
  const open = [...(graph.get(start) ?? [])]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    open.push(...(graph.get(path) ?? []))
  }
  return reached
}

/** Groups of files that import each other, directly or not, be it only for a type. */
export const importCircles = (sources: readonly Source[]): readonly string[] => {
  const graph = graphOf(sources)
  const paths = [...graph.keys()].toSorted((a, b) => a.localeCompare(b))
  const reach = new Map(paths.map((path) => [path, reachableFrom(graph, path)]))
  const circles = paths
    .filter((path) => reach.get(path)?.has(path))
    .map((path) =>
      paths
        .filter((other) => reach.get(path)?.has(other) && reach.get(other)?.has(path))
        .join(' <-> '),
    )
  return [...new Set(circles)]
}
