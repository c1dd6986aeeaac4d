import { mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { repositoryPath } from '../workspace/repository-path.ts'
import { type Outcome, runProgram } from '../workspace/run-program.ts'
import { TemporaryDirectory } from '../workspace/temporary-directory.ts'

const MANIFEST = { name: 'consumer', version: '1.0.0', private: true, type: 'module' }

const COMPILER_OPTIONS = {
  target: 'es2023',
  lib: ['es2023'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  noEmit: true,
  // The consumer reads our declarations as strictly as its own code.
  skipLibCheck: false,
}

/** What else stands in a project: the types of Node that the repository has, unless told otherwise. */
const NODE_TYPES = { '@types/node': repositoryPath('node_modules/@types/node') }

/** Somebody else's project, which has installed packed tarballs and little else. */
export class Consumer implements AsyncDisposable {
  readonly #directory: TemporaryDirectory

  private constructor(directory: TemporaryDirectory) {
    this.#directory = directory
  }

  /** @param links The packages that it has besides, by name, each with the folder that has it. */
  static async install(
    tarballs: readonly string[],
    links: Readonly<Record<string, string>> = {},
  ): Promise<Consumer> {
    const directory = await TemporaryDirectory.create()
    await directory.write('package.json', JSON.stringify(MANIFEST))
    const cache = join(directory.path, 'cache')
    const quietly = ['--offline', '--no-audit', '--no-fund', '--cache', cache]
    const { code, err } = await runProgram('npm', ['install', ...quietly, ...tarballs], {
      cwd: directory.path,
    })
    if (code !== 0) throw new Error(`npm did not install: ${err}`)
    for (const [name, folder] of Object.entries({ ...NODE_TYPES, ...links })) {
      const link = join(directory.path, 'node_modules', name)
      await mkdir(dirname(link), { recursive: true })
      await symlink(folder, link)
    }
    return new Consumer(directory)
  }

  path(file: string): string {
    return join(this.#directory.path, file)
  }

  async run(node: string, file: string, source: string): Promise<Outcome> {
    await this.#directory.write(file, source)
    return this.start(node, file)
  }

  /** Runs a file that is there. */
  start(node: string, file: string): Promise<Outcome> {
    return runProgram(node, [file], { cwd: this.#directory.path })
  }

  /** What a strict compiler says about a file of this project. */
  async compile(file: string, source: string): Promise<string> {
    const config = { compilerOptions: COMPILER_OPTIONS, files: [file] }
    await this.#directory.write(file, source)
    await this.#directory.write('tsconfig.json', JSON.stringify(config))
    const compiler = repositoryPath('node_modules/.bin/tsc')
    const { out } = await runProgram(compiler, ['-p', '.'], { cwd: this.#directory.path })
    return out
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#directory[Symbol.asyncDispose]()
  }
}
