import type { Source } from './read-sources.ts'

const TEST_FILE = /\.test\.[cm]?[jt]s$/u
const MODIFIERS =
  /\b(?<call>(?:describe|it|suite|test)(?:\.\w+)*?\.(?:only|skip|todo))\b(?=\s*[.(`])/gu
/** Inside a test, what a line of Node lacks may be a reason; a reason has to be given. */
const SKIPS_WITHOUT_REASON = /\b(?<call>\w+\.skip)\(\s*\)/gu

/** Calls by which a test, or all others of its file, do not run. */
export const unrunTests = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter(({ path }) => TEST_FILE.test(path))
    .flatMap(({ path, text }) =>
      [MODIFIERS, SKIPS_WITHOUT_REASON].flatMap((pattern) =>
        Array.from(text.matchAll(pattern), ({ groups }) => `${path}: ${groups?.['call']}`),
      ),
    )
