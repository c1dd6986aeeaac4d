import type { Source } from './read-sources.ts'

const LINES_MAX = 450

const lines = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0)

/** Files too long to hold one concern. */
export const longFiles = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter(({ text }) => lines(text) > LINES_MAX)
    .map(({ path, text }) => `${path}: ${lines(text)} lines`)
