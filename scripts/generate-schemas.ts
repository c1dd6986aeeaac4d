/** Writes the JSON Schemas of bench; the types of its results and its table of options say what is in them. */
import { writeFile } from 'node:fs/promises'
import { resultSchemas } from './result-schemas.ts'

const root = new URL('../', import.meta.url)

for (const [path, content] of Object.entries(resultSchemas())) {
  await writeFile(new URL(path, root), content)
}
