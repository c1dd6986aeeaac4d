import { describeNamedOptions } from '../cli/named-options.ts'
import { describedEntry } from '../cli/option-help.ts'
import { wrapped } from '../cli/wrapped.ts'
import { THRESHOLD_FIGURES } from '../report/fail-if.ts'
import { UPSTREAMS } from './upstreams/upstream.ts'
import { CLIENTS } from './variants/clients.ts'
import { WORKLOADS } from './workloads/workload.ts'

/** Variants that help describes; the others are only named. */
const MAIN_VARIANTS = ['short', 'node', 'agentkeepalive', 'holdfast', 'floor']

const COLUMNS = 80

/** Lines of `holdfast bench --help`, around those about the options. */
export function benchHelp(options: readonly string[]): string[] {
  return [
    'holdfast bench [OPTIONS]',
    '',
    'Measures on this machine, in less than a minute, what long connections are worth',
    'and what each client loses. A load generator calls a service, and the service',
    'calls its upstream through the client under test.',
    '',
    'Options:',
    ...options,
    '',
    'Variants:',
    ...describedVariants(),
    '',
    'Workloads:',
    ...describeNamedOptions(WORKLOADS),
    '',
    'Upstreams:',
    ...describeNamedOptions(UPSTREAMS),
    ...describedEntry('  URL', 'a server of your own, on this machine unless --i-own-this-host'),
    '',
    'Times are written 5s or 300ms; a bare number is in the unit of its key.',
    '',
    'Figures for --fail-if; the first six are ratios against the baseline:',
    ...wrapped(`  ${THRESHOLD_FIGURES.join(', ')}`, COLUMNS, '  '),
    '',
    'Examples:',
    '  holdfast bench',
    '  holdfast bench --path direct --upstream nginx --connections 10,50,1000 \\',
    '    --variant holdfast',
    '  holdfast bench --variant holdfast --sweep idleTimeoutMs=500ms,1s,5s \\',
    '    --workload gap:gapMs=900ms',
    '  holdfast bench --variant holdfast --workload gap:gapMs=1s \\',
    '    --upstream node:keepAliveTimeoutMs=1s,hint=false \\',
    "    --fail-if 'holdfast.failed > 0'",
    '  holdfast bench --upstream apache:MaxKeepAliveRequests=100,KeepAliveTimeout=5s',
    '  holdfast bench --path direct --workload open:rate=300 \\',
    '    --upstream http://localhost:3000/',
    '  holdfast bench --middlebox-idle 2s --workload gap:gapMs=3s \\',
    "    --sysctl tcp_keepalive_time=1 --variant 'node:keepAliveMsecs=0'",
    '  holdfast bench --config bench.json --json > result.json',
    '  holdfast bench --html report.html',
    '',
    'Exit code: 0 if all counts agree, 1 if a slice is invalid, a --fail-if is met or',
    'the run failed, 2 if the options are wrong, 130 if it was interrupted.',
  ]
}

function describedVariants(): string[] {
  const others = [...CLIENTS.keys()].filter((name) => !MAIN_VARIANTS.includes(name))
  return [
    ...MAIN_VARIANTS.flatMap((name) =>
      describedEntry(`  ${name}`, CLIENTS.get(name)?.description ?? ''),
    ),
    ...describedEntry(
      '  ./FILE',
      'a module whose default export is an agent, a dispatcher, or a function that makes one of { concurrency, options }',
    ),
    ...wrapped(`  and of undici 7 and 8: ${others.join(', ')}`, COLUMNS, '  '),
  ]
}
