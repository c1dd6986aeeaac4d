import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const FOLDER = new URL('../../../../docs/monitoring/', import.meta.url)
const run = promisify(execFile)

/** Grafana fills these in. */
const VARIABLES: readonly (readonly [string, string])[] = [
  ['$__rate_interval', '5m'],
  ['$pool', '.*'],
]

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[]
}

it('promtool takes the alerts', async () => {
  const file = fileURLToPath(new URL('prometheus-alerts.yml', FOLDER))
  const alerts = (await readFile(file, 'utf8')).match(/^ *- alert:/gmu) ?? []
  const { stdout } = await run('promtool', ['check', 'rules', file])

  expect(alerts.length).toBeGreaterThan(5)
  expect(stdout).toContain(`SUCCESS: ${alerts.length} rules found`)
})

it('promtool takes the queries of the dashboard', async () => {
  const text = await readFile(new URL('grafana-dashboard.json', FOLDER), 'utf8')
  const { panels } = JSON.parse(text) as Dashboard
  const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))

  expect(queries.length).toBeGreaterThan(8)
  const rules = queries.map((query, index) => {
    const plain = VARIABLES.reduce((each, [name, value]) => each.replaceAll(name, value), query)
    return { record: `panel:${index}`, expr: plain }
  })
  const file = join(await mkdtemp(join(tmpdir(), 'holdfast-')), 'rules.yml')
  // JSON is YAML, too.
  await writeFile(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }))
  const { stdout } = await run('promtool', ['check', 'rules', file]).finally(() =>
    rm(dirname(file), { recursive: true }),
  )

  expect(stdout).toContain(`SUCCESS: ${queries.length} rules found`)
})
