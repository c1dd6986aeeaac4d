import type { Command } from './command.ts'
import { type OptionSpec, UsageError } from './command-line.ts'
import { didYouMean } from './nearest.ts'

type Commands = ReadonlyMap<string, Command>

const WRITERS: Readonly<Record<string, (commands: Commands) => string>> = { bash, zsh, fish }

/** A script that lets a shell complete commands, options and their choices. Throws a UsageError. */
export function completionFor(args: readonly string[], commands: Commands): string {
  const [shell, surplus] = args
  const shells = Object.keys(WRITERS)
  if (shell === undefined || surplus !== undefined) {
    throw new UsageError(`completion takes the name of a shell: ${shells.join(', ')}`)
  }
  const write = Object.hasOwn(WRITERS, shell) ? WRITERS[shell] : undefined
  if (write !== undefined) return write(commands)
  throw new UsageError(
    `completion knows ${shells.join(', ')}, got '${shell}'${didYouMean(shell, shells)}`,
  )
}

const optionsOf = ({ options }: Command): string[] =>
  Object.keys(options).map((name) => `--${name}`)

/** What may follow an option, where that is a choice. */
function choicesOf(commands: Commands): [option: string, choices: readonly string[]][] {
  const all = [...commands.values()].flatMap(({ options }) => Object.entries<OptionSpec>(options))
  const choices = all.flatMap(([name, spec]): [string, readonly string[]][] =>
    spec.kind === 'choice' ? [[`--${name}`, spec.choices]] : [],
  )
  return [...new Map(choices)]
}

function bash(commands: Commands): string {
  const names = [...commands.keys()]
  return `_holdfast() {
  local word=\${COMP_WORDS[COMP_CWORD]} last=\${COMP_WORDS[COMP_CWORD-1]}
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${names.join(' ')} completion help' -- "$word"))
    return
  fi
  case $last in
${choicesOf(commands)
  .map(
    ([option, choices]) =>
      `    ${option}) COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$word")); return ;;`,
  )
  .join('\n')}
    --html|--config) COMPREPLY=($(compgen -f -- "$word")); return ;;
  esac
  case \${COMP_WORDS[1]} in
${Array.from(
  commands,
  ([name, command]) =>
    `    ${name}) COMPREPLY=($(compgen -W '${optionsOf(command).join(' ')}' -- "$word")) ;;`,
).join('\n')}
    completion) COMPREPLY=($(compgen -W 'bash zsh fish' -- "$word")) ;;
    help) COMPREPLY=($(compgen -W '${names.join(' ')}' -- "$word")) ;;
  esac
}
complete -o default -F _holdfast holdfast
`
}

/** zsh runs the functions of bash. */
function zsh(commands: Commands): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`
}

function fish(commands: Commands): string {
  const names = [...commands.keys()]
  const isFirst = `not __fish_seen_subcommand_from ${names.join(' ')} completion help`
  const lines = Array.from(commands, ([name, { summary, options }]) => [
    `complete -c holdfast -f -n '${isFirst}' -a ${name} -d ${quoted(summary)}`,
    ...Object.entries<OptionSpec>(options).map(([option, spec]) => {
      const value = spec.kind === 'choice' ? ` -x -a '${spec.choices.join(' ')}'` : ''
      const takes = spec.kind === 'flag' || value !== '' ? '' : ' -r'
      return `complete -c holdfast -n '__fish_seen_subcommand_from ${name}' -l ${option}${takes}${value} -d ${quoted(spec.description)}`
    }),
  ])
  return `${[...lines.flat(), `complete -c holdfast -f -n '${isFirst}' -a 'completion help'`].join('\n')}\n`
}

const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`
