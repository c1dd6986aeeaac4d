import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { BenchResult } from '../packages/bench/src/bench/bench-result.ts'
import { isInstalled } from '../packages/bench/src/bench/upstreams/server-process.ts'

const MAIN = fileURLToPath(new URL('../packages/bench/dist/main.js', import.meta.url))

/** An upstream that is not the bottleneck, where there is one. */
export const FAST_UPSTREAM: 'nginx' | 'node' = isInstalled('nginx') ? 'nginx' : 'node'

/** What `holdfast bench` with these arguments finds on the direct path; its progress is shown. */
export const runBench = async (args: readonly string[]): Promise<BenchResult> => {
  const common = [
    '--json',
    '--path',
    'direct',
    '--timeline-ms',
    '0',
    '--race-ms',
    '0',
    '--upstream',
    FAST_UPSTREAM,
  ]
  const child = spawn(process.execPath, [MAIN, 'bench', ...common, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [out] = await Promise.all([text(child.stdout), once(child, 'close')])
  if (out === '') throw new Error(`holdfast bench ${args.join(' ')} gave no result`)
  return JSON.parse(out) as BenchResult
}
