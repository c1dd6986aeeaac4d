import { basename, extname } from 'node:path'
import process from 'node:process'
import { repositoryPath } from '../workspace/repository-path.ts'
import { runProgram } from '../workspace/run-program.ts'

/** The pnpm that runs this script, else one as the README starts it. */
const pnpmCommand = (): readonly [program: string, ...args: string[]] => {
  const running = process.env['npm_execpath'] ?? ''
  if (!basename(running).startsWith('pnpm')) return ['npx', '-y', 'pnpm@12']
  return extname(running) === '' ? [running] : [process.execPath, running]
}

/** Packs one of the packages as it would be published; returns the tarball's path. */
export const packPackage = async (name: string, destination: string): Promise<string> => {
  const [program, ...args] = pnpmCommand()
  const { out, err } = await runProgram(
    program,
    [...args, 'pack', '--json', '--pack-destination', destination],
    { cwd: repositoryPath(`packages/${name}`) },
  )
  if (!out.startsWith('{')) throw new Error(`${name} was not packed: ${out}${err}`)
  return (JSON.parse(out) as { readonly filename: string }).filename
}
