import type { Document } from './read-documents.ts'

/** A block of code that whoever reads a document may copy. */
export interface CodeBlock {
  /** Names its document and the line at which it begins, as the name of a file. */
  readonly name: string
  readonly code: string
}

const FENCE = /^```(?<language>\w*)$/u
const COMPILED: ReadonlySet<string | undefined> = new Set(['js', 'ts'])

/** The blocks of JavaScript and TypeScript of a document. */
export const codeBlocks = ({ path, text }: Document): readonly CodeBlock[] => {
  const blocks: CodeBlock[] = []
  let begun: { readonly at: number; readonly language: string | undefined } | undefined
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) {
    const fence = FENCE.exec(line)
    if (fence === null) continue
    if (begun === undefined) {
      begun = { at: index, language: fence.groups?.['language'] }
      continue
    }
    if (COMPILED.has(begun.language)) {
      const name = `${path.replaceAll('/', '-')}-${begun.at + 1}.mts`
      blocks.push({ name, code: `${lines.slice(begun.at + 1, index).join('\n')}\n` })
    }
    begun = undefined
  }
  return blocks
}
