import { expect, it } from 'vitest'
import { fullResult } from '../../test/sample-result.ts'
import { escapeMarkdown } from '../forms/markdown.ts'
import { renderMarkdown } from './render-markdown.ts'

it('has the verdict first, then both tables with every variant', () => {
  const text = renderMarkdown(fullResult())
  expect(text).toMatch(/^\*\*long connections: 0\.42x the CPU per request of short ones /u)
  const rows = text.split('\n').filter((line) => line.startsWith('| holdfast |'))
  expect(rows).toHaveLength(2)
  expect(rows[0]).toContain('faster 0.80x')
  const widths = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').length)
  expect(new Set(widths)).toEqual(new Set([11]))
})

it('lets no name become markup', () => {
  expect(escapeMarkdown('a|b*c_d`<i>\n#')).toBe(String.raw`a\|b\*c\_d\`\<i\> \#`)
})
