import { describe, expect, it } from 'vitest'
import { POLICY_FIELDS } from '../packages/core/src/policies/resolve-policy.ts'
import { TCP_STATE_NAMES } from '../packages/core/src/tcp/tcp-states.ts'
import { archaicWords } from './documents/archaic-words.ts'
import { brokenLinks } from './documents/broken-links.ts'
import { codeBlocks } from './documents/code-blocks.ts'
import { compileBlocks } from './documents/compile-blocks.ts'
import { readDocuments } from './documents/read-documents.ts'

const documents = await readDocuments()

/** What it shows are signatures, which the compiler has read already. */
const isReference = (path: string): boolean => path.startsWith('docs/api/')

const isFromDocstrings = (path: string): boolean =>
  isReference(path) || path === 'docs/node-internals.md'

it('the page on TCP names every state', () => {
  const page = documents.find(({ path }) => path === 'docs/guides/tcp.md')?.text

  for (const state of TCP_STATE_NAMES) expect(page).toContain(`\n| ${state} |`)
})

it('the documents are seen', () => {
  const paths = documents.map(({ path }) => path)

  expect(paths).toContain('README.md')
  expect(paths).toContain('docs/guides/by-symptom.md')
  expect(paths).toContain('packages/http-agent/README.md')
})

it('the README is read in ninety seconds', () => {
  const readme = documents.find(({ path }) => path === 'README.md')?.text ?? ''

  expect(readme.split('\n').length).toBeLessThan(130)
})

it('the README of the agents names every field of the policy', () => {
  const readme = documents.find(({ path }) => path === 'packages/http-agent/README.md')?.text

  for (const field of POLICY_FIELDS) expect(readme).toContain(`\`${field}\``)
})

describe('the words of a document', () => {
  it('are those that people use today', () => {
    expect(archaicWords(documents.filter(({ path }) => !isFromDocstrings(path)))).toEqual([])
  })

  it.for(['be it', 'For want of', 'mended', 'in vain', 'Upon', 'but for'])(
    'are seen: %s',
    (words) => {
      const text = `# Title\n\nA page: ${words} a word.\n`

      expect(archaicWords([{ path: 'SAMPLE.md', text }])).toEqual([`SAMPLE.md: ${words}`])
    },
  )
})

describe('a link', () => {
  it('leads somewhere', () => {
    expect(brokenLinks(documents)).toEqual([])
  })

  it.for([
    ['docs/no-such-page.md', true],
    ['#no-such-title', true],
    ['README.md#no-such-title', true],
    ['#a-title-of-its-own', false],
    ['#a-title-of-its-own-1', false],
    ['#a-title-of-its-own-2', true],
    ['#written-out', false],
    ['README.md#figures', false],
    ['packages/core', false],
    ['https://example.org/', false],
  ] as const)('is seen: %s', ([target, isBroken]) => {
    const title = '# A title, of its own\n'
    const text = `${title}\n<a id="written-out"></a> [there](${target})\n\n${title}`
    const readme = documents.filter(({ path }) => path === 'README.md')
    const broken = brokenLinks([{ path: 'SAMPLE.md', text }, ...readme])

    expect(broken.filter((link) => link.startsWith('SAMPLE'))).toEqual(
      isBroken ? [`SAMPLE.md: ${target}`] : [],
    )
  })
})

describe('a block of code', () => {
  it('compiles as it stands, or after what its document has made before', async () => {
    const blocks = documents.filter(({ path }) => !isReference(path)).flatMap(codeBlocks)

    expect(blocks.length).toBeGreaterThan(10)
    expect(await compileBlocks(blocks)).toBe('')
  })

  it('is read with the line at which it begins, where it is code', () => {
    const text = 'Text\n\n```sh\nnpm test\n```\n\n```js\nagent.stats()\n```\n'

    expect(codeBlocks({ path: 'docs/sample.md', text })).toEqual([
      { name: 'docs-sample.md-7.mts', code: 'agent.stats()\n' },
    ])
  })
})
