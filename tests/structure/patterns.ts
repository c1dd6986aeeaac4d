import {
  type CallExpression,
  type Expression,
  type NewExpression,
  parseSync,
  Visitor,
  type VisitorObject,
} from 'oxc-parser'
import type { Source } from './read-sources.ts'

/** A regular expression of the sources. */
export interface Pattern {
  readonly path: string
  readonly source: string
  readonly flags: string
}

const visit = ({ path, text }: Source, visitor: VisitorObject): void => {
  new Visitor(visitor).visit(parseSync(path, text).program)
}

/** The regular expressions that stand in a file. */
export const patternsIn = ({ path, text }: Source): readonly Pattern[] => {
  const patterns: Pattern[] = []
  const look = (literal: Expression): void => {
    if (literal.type !== 'Literal' || !('regex' in literal)) return
    const { pattern: source, flags } = literal.regex
    patterns.push({ path, source, flags })
  }
  visit({ path, text }, { Literal: look })
  return patterns
}

/** Where a file puts regular expressions together as it runs, so that nobody can judge them before. */
export const patternsMadeIn = ({ path, text }: Source): readonly string[] => {
  const places: string[] = []
  const look = ({ callee, start, end }: CallExpression | NewExpression): void => {
    if (callee.type !== 'Identifier' || callee.name !== 'RegExp') return
    places.push(`${path}: ${text.slice(start, end)}`)
  }
  visit({ path, text }, { CallExpression: look, NewExpression: look })
  return places
}
