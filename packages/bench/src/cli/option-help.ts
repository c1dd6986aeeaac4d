import { defaultOf, type Option, type Options, rangeOf, shown } from './option.ts'
import { wrapped } from './wrapped.ts'

/** Column in which descriptions begin. */
const HELP_INDENT = 24

/** Lines of help about the options of a command, for a terminal of so many columns. */
export function describeOptions(options: Options, columns = 80): string[] {
  return Object.entries(options).flatMap(([name, option]) => {
    const value = option.kind === 'flag' ? '' : ` ${placeholderOf(option)}`
    return describedEntry(`  --${name}${value}`, descriptionOf(option), columns)
  })
}

/** Lines of help about the options of a spec, which are written `key=value`. */
export function describeKeys(options: Options, columns = 80): string[] {
  return Object.entries(options).flatMap(([key, option]) =>
    describedEntry(`    ${key}`, descriptionOf(option), columns),
  )
}

/** A name with its meaning beside it, or below where the name is long. */
export function describedEntry(name: string, description: string, columns = 80): string[] {
  const blank = ' '.repeat(HELP_INDENT)
  const lines = wrapped(description, columns - HELP_INDENT)
  const [first = '', ...more] = lines
  if (name.length > HELP_INDENT - 2) return [name, ...lines.map((line) => `${blank}${line}`)]
  return [`${name.padEnd(HELP_INDENT)}${first}`, ...more.map((line) => `${blank}${line}`)]
}

function placeholderOf(option: Option): string {
  switch (option.kind) {
    case 'integer':
    case 'number':
      return 'N'
    case 'time':
      return 'TIME'
    case 'integers':
      return 'N,…'
    case 'text':
    case 'texts':
      return option.placeholder
    default:
      return 'NAME'
  }
}

function descriptionOf(option: Option): string {
  const notes = [...allowedNotes(option), ...defaultNotes(option)]
  return notes.length === 0 ? option.description : `${option.description} (${notes.join('; ')})`
}

function allowedNotes(option: Option): string[] {
  switch (option.kind) {
    case 'integer':
    case 'number':
    case 'time':
    case 'integers':
      return [rangeOf(option)]
    case 'choice':
      return [option.choices.join(', ')]
    case 'texts':
      return ['may be repeated']
    default:
      return []
  }
}

function defaultNotes(option: Option): string[] {
  if ('defaultText' in option) return [`default ${option.defaultText}`]
  const value = defaultOf(option)
  if (value === undefined || value === false) return []
  if (Array.isArray(value)) return value.length === 0 ? [] : [`default ${value.join(', ')}`]
  return [`default ${shown(option, value)}`]
}
