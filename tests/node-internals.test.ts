import { readdir, readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import {
  NODE_FILES,
  SOURCES,
  sourceOf,
  type TouchPoint,
  touchPointsOf,
  UNDICI_FILES,
} from '../scripts/touch-points.ts'
import { repositoryPath } from './workspace/repository-path.ts'

const FILES = [...NODE_FILES, ...UNDICI_FILES]

const EVERY_LINE = 'packages/http-agent/test/every-line'

const COMMENT = /\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/|\/\/[^\n]*/gu
/** A member or a name that begins with an underscore, and is no parameter left unused. */
const UNDERSCORED = /[.{,'] ?(?<name>_[a-z]\w*)/gu
const INTERFACE = /interface [^{]*\{(?<body>[^}]*)\}/gu
const MEMBER = /^ {2}(?:readonly )?(?<name>\w+)\??:/gmu

const withoutComments = (text: string): string => text.replaceAll(COMMENT, '')

const touchPoints = (): TouchPoint[] => FILES.flatMap((file) => touchPointsOf(file, sourceOf(file)))

const namesOf = (points: readonly TouchPoint[]): Set<string> =>
  new Set(points.flatMap(({ names }) => names))

/** Members that an interface declares, where it declares any touch point. */
const declaredBeside = (code: string, names: ReadonlySet<string>): string[] => {
  const bodies = [...code.matchAll(INTERFACE)].map(({ groups }) => groups?.['body'] ?? '')
  return bodies.flatMap((body) => {
    const members = [...body.matchAll(MEMBER)].map(({ groups }) => groups?.['name'] as string)
    return members.some((name) => names.has(name)) ? members : []
  })
}

it.for(FILES)('every undocumented member in %s has its reason and its replacement', (file) => {
  const names = namesOf(touchPoints())
  const own = namesOf(touchPointsOf(file, sourceOf(file)))
  const code = withoutComments(sourceOf(file))
  const used = [...code.matchAll(UNDERSCORED)].map(({ groups }) => groups?.['name'] as string)

  expect(used.filter((name) => !names.has(name))).toEqual([])
  expect(declaredBeside(code, own).filter((name) => !names.has(name))).toEqual([])
})

it.for(touchPoints())('$file says all of $names', ({ what, why, instead }) => {
  expect(what).not.toBe('')
  expect(why).toMatch(/\.$/u)
  expect(instead).toMatch(/\.$/u)
})

it('no member is named that nothing uses', async () => {
  const paths = await readdir(SOURCES, { recursive: true })
  const texts = await Promise.all(
    paths
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
      .map((path) => readFile(new URL(path, SOURCES), 'utf8')),
  )
  const counts = new Map<string, number>()
  for (const [word] of withoutComments(texts.join('\n')).matchAll(/\w+/gu)) {
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const names = namesOf(touchPoints())
  const declared = FILES.flatMap((file) => declaredBeside(withoutComments(sourceOf(file)), names))

  // Once where it is declared, and once where it is used.
  expect(declared.filter((name) => (counts.get(name) ?? 0) < 2)).toEqual([])
})

it('every member has a test on every line of Node', async () => {
  const names = await readdir(repositoryPath(EVERY_LINE))
  const texts = await Promise.all(
    names
      .filter((name) => /^touch-points\..*\.test\.ts$/u.test(name))
      .map((name) => readFile(repositoryPath(`${EVERY_LINE}/${name}`), 'utf8')),
  )
  const tests = texts.join('\n')

  expect([...namesOf(touchPoints())].filter((name) => !tests.includes(name))).toEqual([])
})

it('a member without a reason is found', () => {
  const source = `interface Socket {
  /** The handle. */
  readonly _handle?: object

  /**
   * The descriptor.
   *
   * @why A reason.
   * @instead A replacement.
   */
  readonly fd?: number
}
`
  const names = namesOf(touchPointsOf('sample.ts', source))

  expect([...names]).toEqual(['fd'])
  expect(declaredBeside(withoutComments(source), names)).toEqual(['_handle', 'fd'])
})
