import type { Line } from '../cli/line.ts'
import { wrapped } from '../cli/wrapped.ts'
import { paragraphs } from '../forms/paragraphs.ts'
import { factRows } from './fact-rows.ts'
import { differingFacts } from './findings/differing-facts.ts'
import type { ProbeResult } from './probe-result.ts'

/** Facts in which the addresses of a name differ, as lines for a person; the verdict first. */
export function renderDifferences(results: readonly ProbeResult[], columns: number): Line[] {
  const facts = differingFacts(results.map(({ findings }) => findings))
  const verdict =
    facts.length === 0
      ? 'behave alike'
      : `differ in ${facts.length === 1 ? 'one fact' : `${facts.length} facts`}`
  const tables = facts.map((fact): Line[] => [
    `${fact}:`,
    ...results.flatMap(({ observations, findings }) =>
      factRows(findings)
        .filter(([each]) => each === fact)
        .flatMap(([, text]) => wrapped(`  ${observations.address}  ${text}`, columns, '    ')),
    ),
  ])
  return paragraphs([
    [{ text: `The ${results.length} addresses that were probed ${verdict}`, style: 'bold' }],
    ...tables,
  ])
}
