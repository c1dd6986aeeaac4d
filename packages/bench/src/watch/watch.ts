import { setTimeout as sleep } from 'node:timers/promises'
import type { PortRange } from '@holdfast/core/tcp'
import { type Command, defineCommand } from '../cli/command.ts'
import { whileInterruptible } from '../cli/interruption.ts'
import type { Options } from '../cli/option.ts'
import type { TerminalStream } from '../cli/terminal.ts'
import { UsageError } from '../cli/usage-error.ts'
import { isInForeground } from '../linux/terminal-foreground.ts'
import { publishedPools } from './published-pools.ts'
import { hasEnded, readEphemeralPorts, readProcessName, readSnapshot } from './read-snapshot.ts'
import type { Scope } from './snapshot.ts'
import { Watch, type WatchFrame } from './watch-frame.ts'
import { WatchKeys } from './watch-keys.ts'
import { jsonView, lineView, onceView, screenView, type WatchView } from './watch-view.ts'

const OPTIONS = {
  pid: {
    kind: 'integer',
    description: 'the sockets of this process, in its network namespace',
    min: 1,
    max: 2 ** 22,
  },
  port: {
    kind: 'integer',
    description: 'the connections with this port at either end',
    min: 1,
    max: 65_535,
  },
  all: { kind: 'flag', description: 'all connections of this network namespace; the default' },
  interval: {
    kind: 'time',
    description: 'time between two looks',
    default: 1000,
    min: 100,
    max: 3_600_000,
  },
  once: { kind: 'flag', description: 'look once, print, and end' },
  json: { kind: 'flag', description: 'print JSON, one line a look' },
} as const satisfies Options

export const watch: Command = defineCommand({
  summary: 'the eleven TCP states of a process, a port or all, live',
  options: OPTIONS,
  help,
  run: async ({ options }, { out, err }) => {
    const { pid = null, port = null, interval, once, json } = options
    if (options.all && (pid !== null || port !== null)) {
      throw new UsageError(`--all goes without --${pid === null ? 'port' : 'pid'}`)
    }
    const scope: Scope = { pid, port }
    const isScreen = out.isLive && !json && !once
    await whileInterruptible(out.gone, async (interruption) => {
      const keys = isScreen && isInForeground() ? new WatchKeys() : undefined
      const view = json ? jsonView(out, scope) : textView(out, titleOf(scope), once, keys)
      const ended = keys === undefined ? interruption : AbortSignal.any([interruption, keys.quit])
      try {
        await look({ scope, view, keys, intervalMs: once ? 0 : interval }, ended)
      } finally {
        view.end()
        keys?.end()
      }
    })
    if (!once && hasEnded(pid)) err.writeLines([`process ${pid} has ended`])
    return 0
  },
})

interface Look {
  readonly scope: Scope
  readonly view: WatchView
  readonly keys: WatchKeys | undefined
  readonly intervalMs: number
}

/** Looks at intervals until the interruption; once, if the interval is 0. */
async function look(
  { scope, view, keys, intervalMs }: Look,
  interruption: AbortSignal,
): Promise<void> {
  const frames = new Watch(scope)
  const ephemeralPorts = readEphemeralPorts(scope.pid)
  view.show(await nextFrame(frames, scope, ephemeralPorts))
  if (intervalMs === 0) return
  while (true) {
    await sleep(intervalMs, undefined, { signal: interruption }).catch(() => undefined)
    if (interruption.aborted || hasEnded(scope.pid)) return
    frames.sortBy = keys?.choices.sortBy ?? 'ports'
    try {
      view.show(await nextFrame(frames, scope, ephemeralPorts))
    } catch (error) {
      // The process may end at any time, and then it cannot be looked at.
      if (hasEnded(scope.pid)) return
      throw error
    }
  }
}

async function nextFrame(
  frames: Watch,
  scope: Scope,
  ephemeralPorts: PortRange | null,
): Promise<WatchFrame> {
  const snapshot = readSnapshot(scope, ephemeralPorts)
  if (scope.pid === null) return frames.frame(snapshot)
  const published = await publishedPools(scope.pid)
  if (published.pools.length + published.unreadable === 0) return frames.frame(snapshot)
  // Connections change while their pool is asked, so the kernel is read before and after.
  return frames.frame(readSnapshot(scope, ephemeralPorts), published, snapshot)
}

function textView(
  out: TerminalStream,
  title: string,
  once: boolean,
  keys: WatchKeys | undefined,
): WatchView {
  if (once) return onceView(out, title)
  return out.isLive ? screenView(out, title, keys) : lineView(out)
}

function titleOf({ pid, port }: Scope): string {
  const whose = pid === null ? 'this network namespace' : `process ${pid} (${readProcessName(pid)})`
  return `TCP connections of ${whose}${port === null ? '' : `, port ${port}`}`
}

function help(options: readonly string[]): string[] {
  return [
    'holdfast watch [--pid N] [--port N] [OPTIONS]',
    '',
    "Shows the eleven states of the kernel's table of TCP connections, IPv4 and IPv6,",
    'as they change; warns of connections whose peer has closed and whose process has',
    'not (CLOSE_WAIT), and of ephemeral ports that are nearly used up. Ends with q or',
    'Ctrl-C, with the process, or with the reader of its output.',
    '',
    'Options:',
    ...options,
    '',
    'A connection that its process has closed has no owner any more. With --pid it is',
    'counted where its ports are those of a listener or a destination of the process.',
    '',
    'A process that calls publishPool of @holdfast/http-agent/publish has its pools',
    "shown beside the kernel's view of their connections.",
    '',
    'Keys on a terminal: q quits, p pauses, s sorts destinations by TIME_WAIT or by',
    'ports, z hides states without connections.',
    '',
    'Examples:',
    '  holdfast watch',
    '  holdfast watch --pid 4711 --interval 250ms',
    '  holdfast watch --port 8080 > states.log',
    '  holdfast watch --once --json',
    '',
    'Exit code: 0 if it could look, 1 if it could not, 2 if the options are wrong.',
  ]
}
