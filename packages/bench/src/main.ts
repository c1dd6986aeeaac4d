#!/usr/bin/env node
import process from 'node:process'
import { bench } from './bench/bench.ts'
import type { Command } from './cli/command.ts'
import { UsageError } from './cli/command-line.ts'
import { packageVersion } from './cli/provenance.ts'
import { openTerminal, type Terminal } from './cli/terminal.ts'
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

async function run([name, ...args]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === '--help' || name === undefined) {
    terminal.out.write(help())
    return name === undefined ? 2 : 0
  }
  if (name === '--version') {
    terminal.out.write(`${packageVersion()}\n`)
    return 0
  }
  const command = COMMANDS.get(name)
  if (command === undefined) {
    const allowed = [...COMMANDS.keys()].join(', ')
    throw new UsageError(`unknown command ${name}; allowed: ${allowed}`)
  }
  return await command.run(args, terminal)
}

function help(): string {
  const commands = Array.from(COMMANDS, ([name, { summary }]) => `  ${name.padEnd(8)}${summary}`)
  return `${[
    'holdfast COMMAND [OPTIONS]',
    '',
    'Commands:',
    ...commands,
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
    const [first = '', ...more] = messageOf(error).split('\n')
    terminal.err.writeLines([`holdfast: ${first}`, ...more.map((line) => `  ${line}`)])
    return error instanceof UsageError ? 2 : 1
  }
}

process.exitCode = await main()
