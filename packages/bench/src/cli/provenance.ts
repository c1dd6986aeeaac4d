import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Libraries of others that variants are made of. */
const MEASURED = ['agentkeepalive', 'undici', 'undici8'] as const

/** Version of @holdfast/bench. */
export function packageVersion(): string {
  return versionIn(fileURLToPath(new URL('../../package.json', import.meta.url)))
}

/** Versions of the libraries that can be measured, by the names they are imported by. */
export function measuredVersions(): Record<string, string> {
  const require = createRequire(import.meta.url)
  return Object.fromEntries(
    MEASURED.map((name) => [name, versionIn(require.resolve(`${name}/package.json`))]),
  )
}

/** Commit of the checkout that this package runs from; null where it was installed. */
export function checkedOutCommit(): string | null {
  const here = fileURLToPath(new URL('.', import.meta.url))
  if (here.includes('node_modules')) return null
  const { status, stdout } = spawnSync('git', ['rev-parse', 'HEAD'], {
    cwd: here,
    encoding: 'utf8',
  })
  return status === 0 ? stdout.trim() : null
}

function versionIn(manifest: string): string {
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }
  return version
}
