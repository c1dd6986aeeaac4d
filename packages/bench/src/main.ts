#!/usr/bin/env node
import process from 'node:process'
import { bench } from './bench/bench.ts'
import type { Command } from './cli/command.ts'
import { completionFor } from './cli/completion.ts'
import { didYouMean } from './cli/nearest.ts'
import { packageVersion } from './cli/provenance.ts'
import { openTerminal, type Terminal } from './cli/terminal.ts'
import { UsageError } from './cli/usage-error.ts'
import { wrapped } from './cli/wrapped.ts'
import { plan } from './plan/plan.ts'
import { probe } from './probe/probe.ts'
import { report } from './report/report.ts'
import { watch } from './watch/watch.ts'

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['bench', bench],
  ['plan', plan],
  ['probe', probe],
  ['report', report],
  ['watch', watch],
])

/** Before each line of a message but the first. */
const INDENT = '  '

const HELP_WORDS = new Set(['help', '--help', '-h'])
const VERSION_WORDS = new Set(['version', '--version', '-v', '-V'])

async function run([name, ...args]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === undefined || (HELP_WORDS.has(name) && args.length === 0)) {
    terminal.out.write(help())
    return name === undefined ? 2 : 0
  }
  if (VERSION_WORDS.has(name)) {
    terminal.out.write(`${packageVersion()}\n`)
    return 0
  }
  if (name === 'completion') {
    terminal.out.write(completionFor(args, COMMANDS))
    return 0
  }
  const [wanted, rest] = HELP_WORDS.has(name) ? [args[0] ?? '', ['--help']] : [name, args]
  const command = COMMANDS.get(wanted)
  if (command !== undefined) return await command.run(rest, terminal)
  const known = [...COMMANDS.keys()]
  const hint = didYouMean(wanted, known) || `; there are ${known.join(', ')}`
  throw new UsageError(`unknown command ${wanted}${hint}`)
}

function help(): string {
  return `${[
    'holdfast COMMAND [OPTIONS]',
    '',
    'Commands:',
    ...Array.from(COMMANDS, ([name, { summary }]) => `  ${name.padEnd(12)}${summary}`),
    '  completion  words for bash, zsh or fish to complete, as in',
    '              source <(holdfast completion bash)',
    '',
    'holdfast COMMAND --help tells more.',
  ].join('\n')}\n`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function main(): Promise<number> {
  const terminal = openTerminal()
  try {
    return await run(process.argv.slice(2), terminal)
  } catch (error) {
    const { err } = terminal
    const lines = `holdfast: ${messageOf(error)}`.replaceAll('\n', `\n${INDENT}`).split('\n')
    err.writeLines(lines.flatMap((line) => wrapped(line, err.columns, INDENT)))
    return error instanceof UsageError ? 2 : 1
  }
}

process.exitCode = await main()
