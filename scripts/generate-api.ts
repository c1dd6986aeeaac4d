/**
 * Writes what follows from the public entries: into docs/api the API reference, a page an entry, and into
 * docs/api-snapshot the declarations alone, in which a change of the public API is seen.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { apiReference } from './api-reference/api-reference.ts'
import { readEntryPoints } from './entry-points.ts'
import { publicApi } from './public-api.ts'

const root = new URL('../', import.meta.url)

const emptyFolder = async (path: string): Promise<URL> => {
  const folder = new URL(path, root)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  return folder
}

const snapshots = await emptyFolder('docs/api-snapshot/')
for (const { types, snapshot } of await readEntryPoints(root)) {
  await writeFile(
    new URL(snapshot, snapshots),
    await publicApi(fileURLToPath(new URL(types, root))),
  )
}

const pages = await apiReference()
const reference = await emptyFolder('docs/api/')
for (const [name, text] of pages) await writeFile(new URL(name, reference), text)
