import { printableLines } from '../../cli/printable.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** HTML or SVG that is safe to insert. Only {@link markup} makes it. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Values between the parts of a template. Text is escaped. */
export type Insertable = string | number | Markup | readonly Markup[]

/** Writes HTML or SVG: `markup\`<b>${name}</b>\``. */
export function markup(parts: TemplateStringsArray, ...inserted: readonly Insertable[]): Markup {
  const text = parts.map((part, index) => {
    const value = inserted[index]
    return value === undefined ? part : `${part}${textOf(value)}`
  })
  return new Markup(text.join(''))
}

/** Empty markup. */
export const NOTHING: Markup = new Markup('')

function textOf(value: Insertable): string {
  if (value instanceof Markup) return value.text
  if (typeof value === 'number') return String(Math.round(value * 100) / 100)
  if (typeof value === 'string')
    return printableLines(value).replaceAll(/[&<>"']/gu, (each) => ENTITIES[each] ?? each)
  return value.map(({ text }) => text).join('')
}
