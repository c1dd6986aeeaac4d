import { expect, it } from 'vitest'
import { DARK, LIGHT, type Palette } from './palette.ts'

/** WCAG 2.2: relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(colour.slice(start, start + 2), 16) / 255
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string | undefined, b: string | undefined): number {
  const [dark = 0, light = 0] = [luminance(a ?? ''), luminance(b ?? '')].toSorted((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

const TEXTS = ['ink', 'soft', 'focus', 'bad', 'noise', ...numbered('series', 6)]
const SHAPES = [
  'axis',
  'established',
  'time-wait',
  'opening',
  'finishing',
  'close-wait',
  'last-ack',
]

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index + 1}`)
}

it.each<[string, Palette]>([
  ['light', LIGHT],
  ['dark', DARK],
])('can be read in %s: 4.5 to 1 for text, 3 to 1 for shapes', (_, palette) => {
  for (const ground of ['card', 'page']) {
    for (const name of TEXTS) {
      expect(contrast(palette[name], palette[ground]), `${name} on ${ground}`).toBeGreaterThan(4.5)
    }
  }
  for (const name of SHAPES) {
    expect(contrast(palette[name], palette['card']), name).toBeGreaterThan(3)
  }
  expect(Object.keys(palette)).toEqual(Object.keys(LIGHT))
})
