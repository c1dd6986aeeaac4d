import { readdirSync, readFileSync } from 'node:fs'

/** Something undocumented that the code stands on, as the comment at its declaration tells it. */
export interface TouchPoint {
  /** The file, from the root of http-agent's sources. */
  readonly file: string
  /** Members, texts or names of functions and symbols; none for an order of calls. */
  readonly names: readonly string[]
  readonly what: string
  readonly why: string
  readonly instead: string
}

export const SOURCES = new URL('../packages/http-agent/src/', import.meta.url)

const FOLDER = 'node/internals/'

/** The files that Node's touch points stand in. */
export const NODE_FILES: readonly string[] = [
  ...readdirSync(new URL(FOLDER, SOURCES))
    .sort()
    .map((name) => `${FOLDER}${name}`),
  'driver/socket-handle.ts',
  'driver/connecting-handle.ts',
  'undici/connection/direct-read.ts',
]

/** The file that undici's touch points stand in. */
export const UNDICI_FILES: readonly string[] = ['undici/peer/undici-internals.ts']

const MEMBER = /^(?:readonly )?(?<name>\w+)\??:/u
const STAR = /^\* ?/u
const QUOTED = /'(?<text>[^']+)'/gu

/** A comment, and the code that stands behind it as far as the next empty line. */
interface Documented {
  readonly comment: string
  readonly code: string
}

const documentedIn = (source: string): Documented[] => {
  const found: Documented[] = []
  for (const part of source.split('/**').slice(1)) {
    const end = part.indexOf('*/')
    const lines = part.slice(0, end).split('\n')
    const comment = lines.map((line) => line.trim().replace(STAR, '')).join('\n')
    const [code = ''] = part
      .slice(end + 2)
      .trimStart()
      .split('\n\n', 1)
    found.push({ comment, code })
  }
  return found
}

const namesIn = (code: string): string[] => {
  const member = MEMBER.exec(code)?.groups?.['name']
  if (member !== undefined) return [member]
  // The value of a constant holds them; a function has none, for what it stands on is an order of calls.
  if (code.includes('=>')) return []
  return [...code.matchAll(QUOTED)].map(([, text]) => text as string)
}

const oneLine = (text: string): string => text.trim().replaceAll(/\s+/gu, ' ')

/** Every touch point of a file: what has a comment with the tags `@why` and `@instead`. */
export const touchPointsOf = (file: string, source: string): TouchPoint[] =>
  documentedIn(source).flatMap(({ comment, code }) => {
    const [what = '', rest] = comment.split('@why', 2)
    const [why = '', instead] = rest?.split('@instead', 2) ?? []
    if (instead === undefined) return []
    return [
      {
        file,
        names: namesIn(code),
        what: oneLine(what),
        why: oneLine(why),
        instead: oneLine(instead),
      },
    ]
  })

/** The text of one of the files above. */
export const sourceOf = (file: string): string => readFileSync(new URL(file, SOURCES), 'utf8')
