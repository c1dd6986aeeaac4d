import type { OptionValues } from '../cli/option.ts'
import { UPSTREAMS } from './upstreams/upstream.ts'
import { CLIENTS } from './variants/clients.ts'
import { WORKLOADS } from './workloads/workload.ts'

/** Options of `holdfast bench`. A config file sets them by the same names. */
export const BENCH_OPTIONS = {
  variant: {
    kind: 'texts',
    description: 'client to measure',
    placeholder: 'NAME[:KEY=VALUE,…]',
    names: (): string[] => [...CLIENTS.keys()],
    default: ['short', 'agentkeepalive', 'holdfast'],
  },
  baseline: {
    kind: 'text',
    description: 'client that all others are compared with, and that runs twice',
    placeholder: 'NAME[:KEY=VALUE,…]',
    names: (): string[] => [...CLIENTS.keys()],
    default: 'node',
  },
  sweep: {
    kind: 'texts',
    description: 'measure the variants of holdfast with each value of a field of their policy',
    placeholder: 'KEY=VALUE,VALUE',
  },
  workload: {
    kind: 'text',
    description: 'how requests follow each other',
    placeholder: 'NAME[:KEY=VALUE,…]',
    names: (): string[] => Object.keys(WORKLOADS),
    default: 'closed',
  },
  upstream: {
    kind: 'text',
    description: 'server that is called: one that is started, or a URL',
    placeholder: 'NAME[:KEY=VALUE,…]|URL',
    names: (): string[] => Object.keys(UPSTREAMS),
    default: 'node',
  },
  path: {
    kind: 'choice',
    description: 'gateway: a service that calls its upstream; direct: the client alone',
    choices: ['gateway', 'direct'],
    default: 'gateway',
  },
  connections: {
    kind: 'integers',
    description: 'requests in progress at any time; a run for each number',
    default: [50],
    min: 1,
    max: 5000,
  },
  method: {
    kind: 'choice',
    description: 'method of the requests to the upstream',
    choices: ['GET', 'POST'],
    default: 'GET',
  },
  'body-bytes': {
    kind: 'integer',
    description: "size of a POST's body",
    default: 1024,
    min: 1,
    max: 10_000_000,
  },
  tls: { kind: 'flag', description: 'HTTPS to the upstream' },
  origins: {
    kind: 'integer',
    description: 'ports of the upstream, which take turns',
    default: 1,
    min: 1,
    max: 2000,
  },
  blocks: {
    kind: 'integer',
    description: 'measured blocks; a claim needs at least 6',
    default: 8,
    min: 1,
    max: 1000,
  },
  forks: {
    kind: 'integer',
    description: 'processes of each variant, one after the other, which share the blocks',
    default: 2,
    min: 1,
    max: 100,
  },
  'slice-ms': {
    kind: 'time',
    unit: 'ms',
    isWhole: true,
    description: 'time of one variant in one block',
    default: 400,
    min: 20,
    max: 600_000,
  },
  'warm-up-ms': {
    kind: 'time',
    unit: 'ms',
    isWhole: true,
    description: 'the same in a block of the warm-up, at least',
    default: 600,
    min: 20,
    max: 10_000,
  },
  'timeline-ms': {
    kind: 'time',
    unit: 'ms',
    isWhole: true,
    description:
      "time in which each variant's connections are watched at the end; 0 for not at all",
    default: 1000,
    min: 0,
    max: 600_000,
  },
  'race-ms': {
    kind: 'time',
    unit: 'ms',
    isWhole: true,
    description:
      'time in which connections are used just as their upstream closes them; 0 for not at all',
    default: 4000,
    min: 0,
    max: 600_000,
  },
  'request-timeout-ms': {
    kind: 'time',
    unit: 'ms',
    isWhole: true,
    description: 'a request that takes longer is given up',
    default: 10_000,
    min: 10,
    max: 600_000,
  },
  isolation: {
    kind: 'choice',
    description: 'whether to run in network namespaces of its own, where the system allows it',
    choices: ['auto', 'require', 'none'],
    default: 'auto',
  },
  sysctl: {
    kind: 'texts',
    description: 'set net.ipv4.NAME in these namespaces',
    placeholder: 'tcp_keepalive_time=30',
  },
  'middlebox-idle': {
    kind: 'time',
    unit: 's',
    isWhole: true,
    description:
      'put a middlebox before the upstream that silently forgets connections idle so long',
    min: 1,
    max: 3600,
  },
  'refuse-noise': {
    kind: 'flag',
    description: 'fail, instead of warning, where the machine is too busy to measure',
  },
  'fail-if': {
    kind: 'texts',
    description: 'exit with 1 if this is so',
    placeholder: "'VARIANT.FIGURE > NUMBER'",
  },
  'i-own-this-host': {
    kind: 'flag',
    description: 'allow a URL of another machine, with an open loop of at most 200 requests/s',
  },
  config: {
    kind: 'text',
    description: 'JSON file with options by these names; those of the command line come after them',
    placeholder: 'FILE',
  },
  seed: {
    kind: 'integer',
    description: 'determines the order within each block, and pauses; random unless said',
    min: 0,
    max: 4_294_967_295,
  },
  json: { kind: 'flag', description: 'print the whole result as JSON' },
  markdown: { kind: 'flag', description: 'print the result as Markdown, for a pull request' },
  html: {
    kind: 'text',
    description: 'also write the result as one HTML file with charts, for a browser',
    placeholder: 'FILE',
  },
} as const

export type BenchOptions = OptionValues<typeof BENCH_OPTIONS>
