/** Where thousands begin. A number has no more digits than these; a text with more takes no longer. */
const THOUSANDS = /\B(?=(?:\d{3}){1,7}$)/gu

/** A number for people: thousands apart by a space, as in `'28 232'`. */
export const spellNumber = (value: number): string => {
  const [whole = '', ...fraction] = String(value).split('.')
  return [whole.replaceAll(THOUSANDS, ' '), ...fraction].join('.')
}

/** A duration for people, as in `'5 000 ms'`. */
export const spellMs = (ms: number): string => `${spellNumber(ms)} ms`
