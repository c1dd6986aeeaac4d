/** What two orders do not have in common, between a common beginning and a common end. */
export interface DifferingPart {
  readonly node: readonly string[]
  readonly ours: readonly string[]
}

/** @returns Two empty parts where they are the same. */
export const differingPart = (node: readonly string[], ours: readonly string[]): DifferingPart => {
  let start = 0
  while (start < node.length && start < ours.length && node[start] === ours[start]) start++
  let end = 0
  const length = Math.min(node.length, ours.length) - start
  while (end < length && node.at(-1 - end) === ours.at(-1 - end)) end++
  return {
    node: node.slice(start, node.length - end),
    ours: ours.slice(start, ours.length - end),
  }
}
