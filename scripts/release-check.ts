/**
 * Tries what would be published: packs every package, installs them with npm into an empty folder, imports
 * and requires every entry on every line of Node, and compiles against its types. With `--publish` it also
 * fails where the manifests name no real repository.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { packPackage } from '../tests/packages/pack-package.ts'
import { repositoryPath } from '../tests/workspace/repository-path.ts'
import { runProgram } from '../tests/workspace/run-program.ts'
import { TemporaryDirectory } from '../tests/workspace/temporary-directory.ts'
import { type EntryPoint, readEntryPoints } from './entry-points.ts'

const PACKAGES = ['core', 'http-agent', 'bench'] as const
const LINES = ['node20', 'node22', 'node24', 'node'] as const
/** What optional entries stand on, and what types stand on. */
const PEERS = [
  'undici@^7.30.0',
  'prom-client@^15.0.0',
  '@opentelemetry/api@^1.9.0',
  '@types/node@22',
]

const COMPILER_OPTIONS = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  noEmit: true,
  skipLibCheck: false,
}

/** A host that belongs to nobody, by RFC 2606. */
const PLACEHOLDER = 'example.com'

let failures = 0

const report = (what: string, isGood: boolean, output: string): void => {
  process.stdout.write(`${isGood ? 'ok  ' : 'FAIL'} ${what}\n`)
  if (isGood) return
  failures++
  process.stdout.write(`${output}\n`)
}

const attempt = async (
  what: string,
  cwd: string,
  [program, ...args]: readonly [string, ...string[]],
): Promise<void> => {
  const { code, out, err } = await runProgram(program, args, { cwd })
  report(what, code === 0, out + err)
}

const tryEntry = async (cwd: string, line: string, { specifier }: EntryPoint): Promise<void> => {
  const node = repositoryPath(`node_modules/${line}/bin/node`)
  const imports = ['--input-type=module', '--eval', `await import('${specifier}')`]
  await attempt(`${line} imports ${specifier}`, cwd, [node, ...imports])
  const requires = ['--input-type=commonjs', '--eval', `require('${specifier}')`]
  await attempt(`${line} requires ${specifier}`, cwd, [node, ...requires])
}

await using packed = await TemporaryDirectory.create()
await using project = await TemporaryDirectory.create()
const tarballs: string[] = []
for (const name of PACKAGES) tarballs.push(await packPackage(name, packed.path))

await project.write(
  'package.json',
  JSON.stringify({ name: 'empty', version: '1.0.0', private: true }),
)
const install = ['install', '--no-audit', '--no-fund', ...tarballs, ...PEERS] as const
await attempt('npm installs the tarballs', project.path, ['npm', ...install])

const entries = await readEntryPoints(new URL('../', import.meta.url))
for (const line of LINES) {
  for (const entry of entries) await tryEntry(project.path, line, entry)
}

const imported = entries.map(
  ({ specifier }, index) => `import * as entry${index} from '${specifier}'`,
)
const used = `console.log(${entries.map((_, index) => `entry${index}`).join(', ')})`
await project.write('types.mts', `${[...imported, used].join('\n')}\n`)
const configuration = { compilerOptions: COMPILER_OPTIONS, files: ['types.mts'] }
await project.write('tsconfig.json', JSON.stringify(configuration))
await attempt('the types compile', project.path, [
  repositoryPath('node_modules/.bin/tsc'),
  '-p',
  project.path,
])

const command = join(project.path, 'node_modules/.bin/holdfast')
await attempt('the command starts', project.path, [process.execPath, command, '--help'])

const manifest = await readFile(repositoryPath('package.json'), 'utf8')
if (manifest.includes(PLACEHOLDER)) {
  const advice = `repository in package.json is a placeholder (${PLACEHOLDER}): set it, and run pnpm run docs`
  if (process.argv.includes('--publish')) report('the repository has an address', false, advice)
  else process.stdout.write(`note ${advice}\n`)
}

process.stdout.write(failures === 0 ? 'ready\n' : `${failures} failed\n`)
process.exitCode = failures === 0 ? 0 : 1
