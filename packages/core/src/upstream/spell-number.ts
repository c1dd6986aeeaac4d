/**
 * The places where thousands begin. No number has more digits, and a longer text takes no more
 * time.
 */
const THOUSANDS = /\B(?=(?:\d{3}){1,7}$)/gu

/** Writes a number for people, with a space between thousands: `'28 232'`. */
export const spellNumber = (value: number): string => {
  const [whole = '', ...fraction] = String(value).split('.')
  return [whole.replaceAll(THOUSANDS, ' '), ...fraction].join('.')
}

/** Writes a duration for people: `'5 000 ms'`. */
export const spellMs = (ms: number): string => `${spellNumber(ms)} ms`
