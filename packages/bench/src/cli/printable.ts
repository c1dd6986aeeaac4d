/**
 * What a terminal or a reader could take for more than text: control characters (C0, DEL, C1), marks
 * and overrides of the writing direction, invisible characters, line separators, lone surrogates.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** The same text with each unsafe character written as `\uXXXX`, as JSON would write it. */
export function printable(text: string): string {
  return text.replaceAll(UNSAFE, escaped)
}

/** As {@link printable}, but line feeds stay. */
export function printableLines(text: string): string {
  return text.replaceAll(UNSAFE, (character) =>
    character === '\n' ? character : escaped(character),
  )
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index).toString(16).padStart(4, '0')
    return `\\u${unit}`
  }).join('')
}
