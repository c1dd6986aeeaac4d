import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryPath } from '../workspace/repository-path.ts'
import { runProgram } from '../workspace/run-program.ts'
import type { CodeBlock } from './code-blocks.ts'

/** Where what the blocks import is found, as by a project that has installed it. */
const FOLDER = repositoryPath('packages/http-agent/build/documents')

/** What a block may go on from, because its document has made it before. */
const SURROUNDINGS = `
import type { HttpAgent } from '@holdfast/http-agent'
import type { KeepAliveDispatcher } from '@holdfast/http-agent/undici'

declare global {
  const agent: HttpAgent
  const dispatcher: KeepAliveDispatcher
}
`

const CONFIGURATION = {
  extends: repositoryPath('tsconfig.base.json'),
  compilerOptions: {
    types: ['node'],
    composite: false,
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    noEmit: true,
    rewriteRelativeImportExtensions: false,
    // A block shows how something is got, and leaves its use to the reader.
    noUnusedLocals: false,
  },
  include: ['*.mts'],
}

/** What the compiler of the repository says of the blocks, by its strictest settings. */
export const compileBlocks = async (blocks: readonly CodeBlock[]): Promise<string> => {
  await rm(FOLDER, { recursive: true, force: true })
  await mkdir(FOLDER, { recursive: true })
  const files: readonly (readonly [string, string])[] = [
    ['tsconfig.json', JSON.stringify(CONFIGURATION)],
    ['surroundings.d.mts', SURROUNDINGS],
    ...blocks.map(({ name, code }) => [name, code] as const),
  ]
  await Promise.all(files.map(([name, text]) => writeFile(join(FOLDER, name), text)))
  const compiler = repositoryPath('node_modules/.bin/tsc')
  const { out } = await runProgram(compiler, ['-p', FOLDER], { cwd: FOLDER })
  return out
}
