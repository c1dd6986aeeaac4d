/** Writes the public API of every entry, as its declarations have it, into docs/api. */
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { readEntryPoints } from './entry-points.ts'
import { publicApi } from './public-api.ts'

const root = new URL('../', import.meta.url)

await mkdir(new URL('docs/api/', root), { recursive: true })
for (const { types, snapshot } of await readEntryPoints(root)) {
  await writeFile(new URL(snapshot, root), await publicApi(fileURLToPath(new URL(types, root))))
}
