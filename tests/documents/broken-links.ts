import { existsSync } from 'node:fs'
import { posix } from 'node:path'
import { repositoryPath } from '../workspace/repository-path.ts'
import type { Document } from './read-documents.ts'

const LINK = /\]\((?<target>[^()\s]+)\)/gu
const HEADING = /^#{1,6} (?<title>.+)$/gmu
const ANCHOR = /<a id="(?<id>[^"]*)">/gu
const FENCED = /^```.*?^```$/gmsu
const ELSEWHERE = /^(?:https?|mailto):/u
/** What the pages of a repository leave out of a title where they make an anchor of it. */
const LEFT_OUT = /[^\p{L}\p{N}\- _]/gu

const anchorOf = (title: string): string =>
  title.trim().toLowerCase().replace(LEFT_OUT, '').replaceAll(' ', '-')

/** Anchors of titles, numbered from the second of a name on, and those that are written out. */
const anchorsOf = (text: string): ReadonlySet<string> => {
  const prose = text.replace(FENCED, '')
  const anchors = new Set(Array.from(prose.matchAll(ANCHOR), ({ groups }) => groups?.['id'] ?? ''))
  const counts = new Map<string, number>()
  for (const { groups } of prose.matchAll(HEADING)) {
    const anchor = anchorOf(groups?.['title'] ?? '')
    const count = counts.get(anchor) ?? 0
    counts.set(anchor, count + 1)
    anchors.add(count === 0 ? anchor : `${anchor}-${count}`)
  }
  return anchors
}

/**
 * Links of documents to files that are not there, and to titles that are not in them. A folder stands
 * for its README.
 */
export const brokenLinks = (documents: readonly Document[]): readonly string[] => {
  const anchors = new Map(documents.map(({ path, text }) => [path, anchorsOf(text)]))
  const isBroken = (from: string, target: string): boolean => {
    const [file = '', anchor] = target.split('#', 2)
    const path = file === '' ? from : posix.join(posix.dirname(from), file)
    if (!(anchors.has(path) || existsSync(repositoryPath(path)))) return true
    if (anchor === undefined || anchor === 'readme') return false
    return anchors.get(path)?.has(anchor) !== true
  }
  return documents.flatMap(({ path, text }) =>
    Array.from(text.replace(FENCED, '').matchAll(LINK), ({ groups }) => groups?.['target'] ?? '')
      .filter((target) => !ELSEWHERE.test(target) && isBroken(path, target))
      .map((target) => `${path}: ${target}`),
  )
}
