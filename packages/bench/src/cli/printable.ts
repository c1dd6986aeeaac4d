/**
 * Characters that a terminal or a reader may take for more than text: control characters (C0, DEL,
 * C1), marks and overrides of the writing direction, invisible characters, line separators, lone
 * surrogates.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Text with each unsafe character written as `\uXXXX`, as in JSON. */
export function printable(text: string): string {
  return text.replaceAll(UNSAFE, escaped)
}

/** Does the same as {@link printable}, but keeps line feeds. */
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
