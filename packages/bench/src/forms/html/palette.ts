/**
 * Colours of a report by their names in its style sheet. One colour has one meaning: variants and
 * states share none.
 */
export type Palette = Readonly<Record<string, string>>

export const LIGHT: Palette = {
  page: '#fbfaf8',
  card: '#ffffff',
  ink: '#1d2327',
  soft: '#566069',
  line: '#dcd9d2',
  axis: '#8b8f93',
  floor: '#efece4',
  focus: '#1a5fb4',
  good: '#17693f',
  bad: '#a3291f',
  noise: '#6a7075',
  'series-1': '#7a2fd0',
  'series-2': '#17784a',
  'series-3': '#a82667',
  'series-4': '#0d7683',
  'series-5': '#6b6100',
  'series-6': '#5a54b8',
  established: '#3f6fb0',
  'time-wait': '#d9650f',
  opening: '#47938b',
  finishing: '#b08a1e',
  'close-wait': '#a3344f',
  'last-ack': '#8a5fa8',
}

export const DARK: Palette = {
  page: '#14171a',
  card: '#1b1f23',
  ink: '#e8e6e1',
  soft: '#a4acb3',
  line: '#343a40',
  axis: '#7d858c',
  floor: '#262b30',
  focus: '#7ab4ff',
  good: '#6fce9b',
  bad: '#ff8f80',
  noise: '#949ba1',
  'series-1': '#c58bff',
  'series-2': '#6fce9b',
  'series-3': '#ff93c4',
  'series-4': '#5fc7d4',
  'series-5': '#cfc55a',
  'series-6': '#a9a4f5',
  established: '#6f9fe0',
  'time-wait': '#f08a3c',
  opening: '#6cc0b7',
  finishing: '#dcb84a',
  'close-wait': '#ec7590',
  'last-ack': '#c09ae0',
}

/** Style for light and dark, as the system prefers or as the page's switch says. */
export function paletteStyle(): string {
  return [
    `:root {${declarations('light', LIGHT)}}`,
    `@media (prefers-color-scheme: dark) {:root {${declarations('dark', DARK)}}}`,
    `:root[data-theme='light'] {${declarations('light', LIGHT)}}`,
    `:root[data-theme='dark'] {${declarations('dark', DARK)}}`,
    '',
  ].join('\n')
}

function declarations(scheme: string, palette: Palette): string {
  const colours = Object.entries(palette).map(([name, colour]) => `--${name}: ${colour};`)
  return [`color-scheme: ${scheme};`, ...colours].join(' ')
}
