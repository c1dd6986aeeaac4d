import type { Command } from './command.ts'
import { didYouMean } from './nearest.ts'
import type { Option } from './option.ts'
import { UsageError } from './usage-error.ts'

type Commands = ReadonlyMap<string, Command>

const WRITERS: Readonly<Record<string, (commands: Commands) => string>> = { bash, zsh, fish }

/**
 * Script that lets a shell complete commands, options and the names that options take.
 *
 * @throws UsageError for a shell that is not known
 */
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

/** Words that a value may be, or begin with. */
function wordsOf(option: Option): readonly string[] {
  if (option.kind === 'choice') return option.choices
  return option.kind === 'text' || option.kind === 'texts' ? (option.names?.() ?? []) : []
}

function isFile(option: Option): boolean {
  return option.kind === 'text' && option.placeholder === 'FILE'
}

function bash(commands: Commands): string {
  const names = [...commands.keys()].join(' ')
  return `_holdfast() {
  local word=\${COMP_WORDS[COMP_CWORD]} last=\${COMP_WORDS[COMP_CWORD-1]}
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${names} completion help' -- "$word"))
    return
  fi
  case \${COMP_WORDS[1]}$last in
${Array.from(commands, bashValues).flat().join('\n')}
  esac
  case \${COMP_WORDS[1]} in
${Array.from(commands, ([name, command]) => `    ${name}) ${bashWords(Object.keys(command.options).map((each) => `--${each}`))} ;;`).join('\n')}
    completion) ${bashWords(Object.keys(WRITERS))} ;;
    help) COMPREPLY=($(compgen -W '${names}' -- "$word")) ;;
  esac
}
complete -o default -F _holdfast holdfast
`
}

/** Branches for the options of a command that take names or a file. */
function bashValues([name, { options }]: readonly [string, Command]): string[] {
  return Object.entries(options).flatMap(([option, spec]) => {
    const words = wordsOf(spec)
    if (words.length > 0) return [`    ${name}--${option}) ${bashWords(words)}; return ;;`]
    return isFile(spec)
      ? [`    ${name}--${option}) COMPREPLY=($(compgen -f -- "$word")); return ;;`]
      : []
  })
}

function bashWords(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$word"))`
}

/** Script for zsh, which runs the functions of bash. */
function zsh(commands: Commands): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`
}

function fish(commands: Commands): string {
  const names = [...commands.keys()]
  const isFirst = `not __fish_seen_subcommand_from ${names.join(' ')} completion help`
  const lines = Array.from(commands, ([name, { summary, options }]) => [
    `complete -c holdfast -f -n '${isFirst}' -a ${name} -d ${quoted(summary)}`,
    ...Object.entries(options).map(
      ([option, spec]) =>
        `complete -c holdfast -n '__fish_seen_subcommand_from ${name}' -l ${option}${fishValue(spec)} -d ${quoted(spec.description)}`,
    ),
  ])
  return `${[...lines.flat(), `complete -c holdfast -f -n '${isFirst}' -a 'completion help'`].join('\n')}\n`
}

function fishValue(option: Option): string {
  const words = wordsOf(option)
  if (words.length > 0) return ` -x -a '${words.join(' ')}'`
  if (option.kind === 'flag') return ''
  return isFile(option) ? ' -r' : ' -x'
}

const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`
