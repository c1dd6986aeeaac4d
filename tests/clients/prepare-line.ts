import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { packPackage } from '../packages/pack-package.ts'
import { repositoryPath } from '../workspace/repository-path.ts'
import { runProgram } from '../workspace/run-program.ts'
import { TemporaryDirectory } from '../workspace/temporary-directory.ts'
import { CLIENTS, type ClientRow } from './play/client-table.ts'

/** The oldest and the newest line of Node, each with the versions of clients that npm installs there. */
export const LINES = ['node20', 'node26'] as const
export type Line = (typeof LINES)[number]

/** Whose pools the examples of a folder get. */
export type Side = 'ours' | 'theirs'

export const lineFolder = (line: Line): string => repositoryPath(`tests/clients/lines/${line}`)

const PLAY = 'tests/clients/play'
const SOURCES = ['examples', PLAY] as const

/** The clients of a line. */
export const clientsOf = (line: Line): readonly ClientRow[] =>
  CLIENTS.filter(({ only = line }) => only === line)

/** Whether a source is of no client that another line has alone. */
const isOf =
  (line: Line) =>
  (path: string): boolean =>
    CLIENTS.every(({ file, only = line }) => only === line || basename(path) !== `${file}.ts`)

const MANIFEST = {
  name: '@holdfast/http-agent',
  type: 'module',
  exports: { '.': './index.js', './undici': './undici.js' },
}

const run = async (cwd: string, program: string, ...args: string[]): Promise<void> => {
  const { code, out, err } = await runProgram(program, args, { cwd })
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${out}${err}`)
}

/** Installs a packed package of the repository as npm would have got it. */
const unpack = async (name: string, folder: string): Promise<void> => {
  await using packed = await TemporaryDirectory.create()
  const tarball = await packPackage(name, packed.path)
  const target = join(folder, 'node_modules/@holdfast', name)
  await mkdir(target, { recursive: true })
  await run(target, 'tar', 'xzf', tarball, '--strip-components=1')
}

/** Node's agents in the place of ours, for the same compiled files. */
const standIn = async (ours: string, theirs: string): Promise<void> => {
  await cp(ours, theirs, { recursive: true, filter: (path) => !path.includes('@holdfast') })
  const folder = join(theirs, 'node_modules/@holdfast/http-agent')
  await cp(join(ours, PLAY, 'stand-in'), folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify(MANIFEST))
}

/**
 * Installs the clients of a line, and compiles the examples against their types and ours, with the
 * compiler that the line has; as they stand, without a cast.
 *
 * @returns The folders of the compiled programs.
 */
export const prepareLine = async (line: Line): Promise<Readonly<Record<Side, string>>> => {
  const folder = lineFolder(line)
  const ours = join(folder, 'build/ours')
  const theirs = join(folder, 'build/theirs')
  await run(folder, 'npx', '-y', 'pnpm@12', 'install', '--frozen-lockfile')
  await rm(join(folder, 'build'), { recursive: true, force: true })
  for (const source of SOURCES) {
    await cp(repositoryPath(source), join(ours, source), {
      recursive: true,
      filter: isOf(line),
    })
  }
  for (const name of ['core', 'http-agent']) await unpack(name, ours)
  await run(ours, join(folder, 'node_modules/.bin/tsc'), '-p', PLAY)
  await standIn(ours, theirs)
  return { ours, theirs }
}
