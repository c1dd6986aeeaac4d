import { describeOptions } from '../cli/command-line.ts'
import { describeRules, type OptionRules } from '../cli/option-rules.ts'
import { THRESHOLD_FIGURES } from '../report/fail-if.ts'
import { BENCH_OPTIONS } from './bench-options.ts'
import { UPSTREAM_RULES } from './upstreams/upstream-rules.ts'
import { CLIENTS } from './variants/clients.ts'
import { WORKLOAD_DESCRIPTIONS, WORKLOAD_RULES } from './workloads/workload.ts'

const UPSTREAM_DESCRIPTIONS: Readonly<Record<keyof typeof UPSTREAM_RULES, string>> = {
  node: 'an http.Server of Node in a process of its own',
  nginx: 'nginx, if it is installed',
  apache: 'Apache httpd, if it is installed',
  haproxy: 'HAProxy, if it is installed',
}

/** What `holdfast bench --help` prints. */
export function benchHelp(): string {
  return `${[
    'holdfast bench [OPTIONS]',
    '',
    'Measures on this machine, in about half a minute, what long connections are worth. A load',
    'generator calls a service, and the service calls its upstream through the client under test.',
    '',
    'Options:',
    ...describeOptions(BENCH_OPTIONS),
    '',
    'Variants:',
    ...Array.from(CLIENTS, ([name, { description }]) => `  ${name.padEnd(18)}${description}`),
    '  ./FILE            a module whose default export is an agent, a dispatcher, or a function',
    '                    that makes one of { concurrency, options }',
    '',
    'Workloads:',
    ...described(WORKLOAD_DESCRIPTIONS, WORKLOAD_RULES),
    '',
    'Upstreams:',
    ...described(UPSTREAM_DESCRIPTIONS, UPSTREAM_RULES),
    '  URL               a server of your own, on this machine unless --i-own-this-host',
    '',
    'Figures for --fail-if; the first six are ratios against the baseline:',
    `  ${THRESHOLD_FIGURES.join(', ')}`,
    '',
    'Examples:',
    '  holdfast bench',
    '  holdfast bench --path direct --upstream nginx --connections 10,50,1000 --variant holdfast',
    '  holdfast bench --variant holdfast --sweep idleTimeoutMs=500,1000,5000 --workload gap:gapMs=900',
    '  holdfast bench --variant holdfast --workload gap:gapMs=1000 \\',
    "    --upstream node:keepAliveTimeoutMs=1000,hint=false --fail-if 'holdfast.failed > 0'",
    '  holdfast bench --upstream apache:MaxKeepAliveRequests=100,KeepAliveTimeout=5',
    '  holdfast bench --path direct --workload open:rate=300 --upstream http://localhost:3000/',
    '  holdfast bench --middlebox-idle 2 --workload gap:gapMs=3000 --sysctl tcp_keepalive_time=1 \\',
    "    --variant 'node:keepAliveMsecs=0'",
    '  holdfast bench --config bench.json --json > result.json',
    '  holdfast bench --html report.html',
    '',
    'Exit code: 0 if all counts agree, 1 if a slice is invalid, a --fail-if is met or the run',
    'failed, 2 if the options are wrong, 130 if it was interrupted.',
  ].join('\n')}\n`
}

function described<K extends string>(
  descriptions: Readonly<Record<K, string>>,
  rules: Readonly<Record<K, OptionRules>>,
): string[] {
  return (Object.keys(descriptions) as K[]).flatMap((name) => [
    `  ${name.padEnd(18)}${descriptions[name]}`,
    ...describeRules(rules[name]),
  ])
}
