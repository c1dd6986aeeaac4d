import { readFileSync } from 'node:fs'

/** The version of @holdfast/bench. */
export function packageVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(manifest) as { readonly version: string }
  return version
}
