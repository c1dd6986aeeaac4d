import { posix } from 'node:path'
import { parseSync } from 'oxc-parser'

/** Where a name of one file comes from: another file, under a name of its own, or a library. */
export interface Origin {
  readonly from: string
  readonly name: string
}

/** What a file of declarations declares, and what it takes from others and hands on, each by name. */
export interface DeclarationFile {
  readonly path: string
  readonly declarations: ReadonlyMap<string, readonly string[]>
  readonly imports: ReadonlyMap<string, Origin>
  readonly exports: ReadonlyMap<string, Origin>
}

interface Named {
  readonly name: string
}

interface Specifier {
  readonly local: Named
  readonly imported?: Named
  readonly exported?: Named
}

interface Statement {
  readonly start: number
  readonly end: number
  readonly source?: { readonly value: string } | null
  readonly declaration?: Statement | null
  readonly specifiers?: readonly Specifier[]
  readonly id?: Named | null
  readonly declarations?: readonly { readonly id: Named }[]
}

const SOURCE_ENDING = /\.(?:ts|js)$/u

const namesOf = ({ id, declarations }: Statement): readonly string[] => [
  ...(id ? [id.name] : []),
  ...(declarations ?? []).map((declaration) => declaration.id.name),
]

/** Where a statement takes its names from: a file of ours, a library, or its own file. */
const sourceOf = (path: string, { source }: Statement): string => {
  const from = source?.value
  if (from === undefined) return path
  if (!from.startsWith('.')) return from
  return posix.join(posix.dirname(path), from.replace(SOURCE_ENDING, '.d.ts'))
}

/** Reads one file of declarations. */
export const readDeclarations = (path: string, text: string): DeclarationFile => {
  const declarations = new Map<string, readonly string[]>()
  const imports = new Map<string, Origin>()
  const exports = new Map<string, Origin>()

  const note = (declared: Statement, isExported: boolean): void => {
    for (const name of namesOf(declared)) {
      const before = declarations.get(name) ?? []
      declarations.set(name, [...before, text.slice(declared.start, declared.end)])
      if (isExported) exports.set(name, { from: path, name })
    }
  }

  for (const statement of parseSync(path, text, { lang: 'dts' }).program.body as Statement[]) {
    note(statement.declaration ?? statement, Boolean(statement.declaration))
    const from = sourceOf(path, statement)
    for (const { local, imported, exported } of statement.specifiers ?? []) {
      if (exported === undefined) {
        imports.set(local.name, { from, name: imported?.name ?? '*' })
      } else {
        exports.set(exported.name, { from, name: local.name })
      }
    }
  }
  return { path, declarations, imports, exports }
}
