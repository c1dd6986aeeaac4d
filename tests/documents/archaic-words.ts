import type { Document } from './read-documents.ts'

/** Turns of phrase that readers who learned English as a second language stumble over. */
const ARCHAIC =
  /\b(?:be it|for want of|in vain|mend(?:s|ed|ing)?|anyhow|lest|hitherto|thereof|albeit|upon|but for)\b/giu

/** Archaic turns of phrase, each with the path of its document. */
export const archaicWords = (documents: readonly Document[]): readonly string[] =>
  documents.flatMap(({ path, text }) =>
    Array.from(text.matchAll(ARCHAIC), ([words]) => `${path}: ${words}`),
  )
