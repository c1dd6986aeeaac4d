import { realpath } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { repositoryPath } from '../workspace/repository-path.ts'
import { runProgram } from '../workspace/run-program.ts'

interface Packed {
  readonly filename: string
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
}

/** Packs a library of the repository, and what it depends on, as npm would have got them; returns tarballs. */
export const packInstalled = async (
  folder: string,
  destination: string,
): Promise<readonly string[]> => {
  const args = ['pack', folder, '--json', '--ignore-scripts', '--pack-destination', destination]
  const { out, err } = await runProgram('npm', args, { cwd: repositoryPath() })
  if (!out.startsWith('[')) throw new Error(`${folder} was not packed: ${out}${err}`)
  const [packed] = JSON.parse(out) as readonly Packed[]
  const { dependencies = {} } = createRequire(import.meta.url)(
    join(folder, 'package.json'),
  ) as Manifest
  const beside = join(await realpath(folder), '..')
  const others = await Promise.all(
    Object.keys(dependencies).map((name) => packInstalled(join(beside, name), destination)),
  )
  return [join(destination, packed?.filename ?? ''), ...others.flat()]
}
