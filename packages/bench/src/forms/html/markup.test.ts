import { expect, it } from 'vitest'
import { markup, NOTHING } from './markup.ts'

it('escapes text, and inserts markup as it is', () => {
  const name = `<script>alert("x")</script> & 'y'`
  const inner = markup`<b>${name}</b>`
  expect(markup`<p title="${name}">${inner}${[inner, NOTHING]}</p>`.text).toBe(
    [
      '<p title="&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;">',
      '<b>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;</b>',
      '<b>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;</b></p>',
    ].join(''),
  )
})

it('writes numbers with no more digits than a screen has', () => {
  expect(markup`<i x="${1 / 3}" y="${0}"/>`.text).toBe('<i x="0.33" y="0"/>')
})
