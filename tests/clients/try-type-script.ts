import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../workspace/run-program.ts'
import { TYPE_SCRIPT_MODULES } from './play/type-script-modules.ts'
import { lineFolder } from './prepare-line.ts'

const CONSUMER = `
import http from 'node:http'
import { HttpAgent, type PolicyOptions } from '@holdfast/http-agent'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'

const policy: PolicyOptions = { idleTimeoutMs: 4_000 }
export const agent: http.Agent = new HttpAgent({ policy })
export const dispatcher = new KeepAliveDispatcher({ policy })
`

const STRICT = [
  '--noEmit',
  '--strict',
  '--esModuleInterop',
  '--target',
  'es2022',
  '--types',
  'node',
]
const ERROR = /error (?<code>TS\d+)/gu

/** Tries what docs/clients.md says of TypeScript 5.9, in a project of CommonJS. */
export const tryTypeScript = (folderOf: () => string): void => {
  describe('TypeScript 5.9', () => {
    it.for(TYPE_SCRIPT_MODULES)('module: $module', async ({ module, resolution, error }) => {
      const folder = join(folderOf(), 'consumer')
      const file = join(folder, 'consumer.ts')
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'commonjs' }))
      await writeFile(file, CONSUMER)
      const compiler = join(lineFolder('node20'), 'node_modules/.bin/tsc')
      const resolving = resolution === undefined ? [] : ['--moduleResolution', resolution]
      const options = [...STRICT, '--skipLibCheck', '--module', module, ...resolving, file]
      const { out } = await runProgram(compiler, options, { cwd: folder })
      const codes = new Set(Array.from(out.matchAll(ERROR), ({ groups }) => groups?.['code']))

      expect([...codes], out).toEqual(error === undefined ? [] : [error])
    })
  })
}
