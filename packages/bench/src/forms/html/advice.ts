import type { Recommendation } from '../recommendation.ts'
import { type HeadingLevel, renderHeading } from './figure.ts'
import { type Markup, markup } from './markup.ts'

/** Headline that names the setting to take, and those that are as good. */
export function adviceHeadline({ policy, ties }: Recommendation): string {
  return `Take ${[policy, ...ties].join(' or ')}`
}

/** Reasons and costs of a recommendation, and its policy to paste. */
export function renderAdvice(advice: Recommendation, level: HeadingLevel): Markup {
  const server = advice.server.map((line) => `at the server: ${line}`)
  return markup`<section class="panel advice">${renderHeading(level, 'Why, and what it costs')}
<ul>${[...advice.reasons, ...server].map((line) => markup`<li>${line}</li>`)}</ul></section>
<section class="panel advice">${renderHeading(level, 'The policy to paste')}<pre tabindex="0">${advice.code}</pre></section>`
}
