import { readFile } from 'node:fs/promises'
import { type DeclarationFile, type Origin, readDeclarations } from './declaration-file.ts'

type Read = (path: string) => Promise<string>

/** A declaration, and the file whose names it speaks of. */
interface Found {
  readonly file: DeclarationFile
  readonly text: string
}

const COMMENT = /\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/|\/\/[^\n]*/gu
const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu
const BLANK_LINES = /^\s*\n/gmu

const withoutComments = (text: string): string =>
  text.replace(COMMENT, '').replace(BLANK_LINES, '').trim()

const byText = (one: string, other: string): number => (one < other ? -1 : 1)

/** The declarations of an entry and of what its types lead to, as they are found. */
class Declarations {
  readonly #read: Read
  readonly #files = new Map<string, DeclarationFile>()
  /** By name and file, so that their order does not change with the order in which they were found. */
  readonly texts = new Map<string, string>()

  constructor(read: Read) {
    this.#read = read
  }

  async fileAt(path: string): Promise<DeclarationFile> {
    const file = this.#files.get(path) ?? readDeclarations(path, await this.#read(path))
    this.#files.set(path, file)
    return file
  }

  /** Adds a declaration, and those that it refers to. Of what comes from elsewhere, its name. */
  async add(origin: Origin): Promise<void> {
    const found = await this.#find(origin)
    if (found === undefined) {
      const text = `from '${origin.from}': ${origin.name}`
      this.texts.set(text, text)
      return
    }
    const { file, text } = found
    const key = `${text} ${file.path}`
    if (this.texts.has(key)) return
    this.texts.set(key, text)
    for (const [name] of text.matchAll(NAME)) {
      const next = file.declarations.has(name) ? { from: file.path, name } : file.imports.get(name)
      if (next !== undefined) await this.add(next)
    }
  }

  async #find({ from, name }: Origin): Promise<Found | undefined> {
    if (!from.endsWith('.d.ts')) return undefined
    const file = await this.fileAt(from)
    const texts = file.declarations.get(name)
    if (texts !== undefined) return { file, text: texts.map(withoutComments).join('\n') }
    const further = file.exports.get(name) ?? file.imports.get(name)
    if (further === undefined) throw new Error(`${from} has no ${name}`)
    return await this.#find(further)
  }
}

/**
 * What an entry offers, and all that its types lead to within the package, as one text without comments
 * and in the order of the alphabet. What comes from elsewhere is named alone.
 *
 * @param entry The path of its declarations.
 */
export const publicApi = async (
  entry: string,
  read: Read = (path) => readFile(path, 'utf8'),
): Promise<string> => {
  const declarations = new Declarations(read)
  const { exports } = await declarations.fileAt(entry)
  for (const origin of exports.values()) await declarations.add(origin)
  const offers = [...exports.keys()].sort(byText).map((name) => `export ${name}`)
  const texts = [...declarations.texts.values()].sort(byText)
  return `${[...offers, '', ...texts].join('\n')}\n`
}
