import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { runHoldfast, type Surroundings } from './run-holdfast.ts'

const atHome: Surroundings['command'] = (program, args) => [program, ...args]

const COMMANDS = ['bench', 'plan', 'probe', 'report', 'watch']

it.each([['--help'], ['-h'], ['help']])('helps upon %s', async (word) => {
  const { code, out } = await runHoldfast([word])

  expect(code).toBe(0)
  for (const name of COMMANDS) expect(out).toContain(`\n  ${name} `)
  expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
})

it.each([['-v'], ['--version'], ['version']])('tells its version upon %s', async (word) => {
  expect(await runHoldfast([word])).toMatchObject({
    code: 0,
    out: `${manifest.version}\n`,
    err: '',
  })
})

it.each(COMMANDS)('helps with %s in three spellings, within 80 columns', async (name) => {
  const [long, short, word] = await Promise.all(
    [
      [name, '--help'],
      [name, '-h'],
      ['help', name],
    ].map((args) => runHoldfast(args)),
  )

  expect(short).toEqual(long)
  expect(word).toEqual(long)
  expect(long?.code).toBe(0)
  expect(long?.out.split('\n').filter((line) => line.length > 80)).toEqual([])
})

it.each([
  [['benhc'], 'unknown command benhc; did you mean bench?'],
  [['help', 'wacth'], 'unknown command wacth; did you mean watch?'],
  [['serve'], 'unknown command serve; there are bench, plan, probe, report, watch'],
  [['bench', '--varient', 'node'], 'unknown option --varient; did you mean --variant?'],
  [['bench', '--variant', 'holdfats'], 'unknown variant holdfats; did you mean holdfast?'],
  [['bench', '--upstream', 'ngnix'], 'unknown upstream ngnix; did you mean nginx?'],
  [['bench', '--workload', 'bust'], 'unknown workload bust; did you mean burst?'],
  [
    ['bench', '--workload', 'gap:gapms=1'],
    'workload gap: unknown option gapms; did you mean gapMs?',
  ],
  [['plan', '--profile', 'ngnix'], "--profile: nothing is called 'ngnix'; did you mean nginx?"],
  [['completion', 'bsh'], "completion knows bash, zsh, fish, got 'bsh'; did you mean bash?"],
])('explains %j', async (args, message) => {
  expect(await runHoldfast(args)).toEqual({ code: 2, out: '', err: `holdfast: ${message}\n` })
})

it('breaks an explanation at the width of the terminal', async () => {
  const narrow = { command: atHome, env: { COLUMNS: '40' } }
  const { err } = await runHoldfast(['bench', '--slice-ms', '5x'], narrow)

  expect(err.split('\n').filter((line) => line.length > 40)).toEqual([])
  expect(err).toMatch(/^holdfast: --slice-ms must be a time such\n {2}as /u)
})

it.each([
  [
    '--slice-ms',
    '5x',
    "--slice-ms must be a time such as 250ms, 80s or 5m, or a number of ms, from 20ms to 10m, in whole ms, got '5x'",
  ],
  [
    '--middlebox-idle',
    '300ms',
    '--middlebox-idle must be a time such as 250ms, 80s or 5m, or a number of s, from 1s to 1h',
  ],
  [
    '--upstream',
    'apache:KeepAliveTimeout=2h',
    'KeepAliveTimeout must be a time such as 250ms, 80s or 5m, or a number of s, from 1ms to 1h',
  ],
])('explains the time %s %s', async (option, value, message) => {
  const { code, err } = await runHoldfast(['bench', option, value])

  expect(code).toBe(2)
  expect(err).toContain(message)
})

it('completes commands, options, choices and names in bash', async () => {
  const { out } = await runHoldfast(['completion', 'bash'])
  const complete = (...words: readonly string[]): string[] => {
    const script = `${out}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _holdfast; echo "\${COMPREPLY[@]}"`
    return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim().split(' ')
  }

  expect(complete('holdfast', 'p')).toEqual(['plan', 'probe'])
  expect(complete('holdfast', 'watch', '--p')).toEqual(['--pid', '--port'])
  expect(complete('holdfast', 'bench', '--path', '')).toEqual(['gateway', 'direct'])
  expect(complete('holdfast', 'bench', '--workload', '')).toContain('burst')
  expect(complete('holdfast', 'bench', '--upstream', 'h')).toEqual(['haproxy'])
  expect(complete('holdfast', 'bench', '--variant', 'undici7-p')).toContain('undici7-pool')
  expect(complete('holdfast', 'plan', '--profile', 'apache-2.4')).toEqual(['apache-2.4'])
  // An option of the same name takes other values in another command.
  expect(complete('holdfast', 'plan', '--fail-if', '')).toEqual(['never', 'breaks', 'tight'])
  expect(complete('holdfast', 'report', '--fail-if', '')).toEqual(['invalid', 'slower'])
  expect(complete('holdfast', 'help', 'w')).toEqual(['watch'])
})

it.each(['zsh', 'fish'])('has words for %s', async (shell) => {
  const { code, out } = await runHoldfast(['completion', shell])

  expect(code).toBe(0)
  for (const name of COMMANDS) expect(out).toContain(name)
})
