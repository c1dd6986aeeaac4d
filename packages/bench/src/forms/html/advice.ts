import type { Recommendation } from '../recommendation.ts'
import { type HeadingLevel, renderHeading } from './figure.ts'
import { type Markup, markup } from './markup.ts'

/** What to take, in a few words. */
export function adviceHeadline({ policy, ties }: Recommendation): string {
  return `Take ${[policy, ...ties].join(' or ')}`
}

/** The policy to paste, why it is that, and what it costs. */
export function renderAdvice(advice: Recommendation, level: HeadingLevel): Markup {
  const server = advice.server.map((line) => `at the server: ${line}`)
  return markup`<section class="panel advice">${renderHeading(level, 'Why, and what it costs')}
<ul>${[...advice.reasons, ...server].map((line) => markup`<li>${line}</li>`)}</ul></section>
<section class="panel advice">${renderHeading(level, 'The policy to paste')}<pre tabindex="0">${advice.code}</pre></section>`
}
