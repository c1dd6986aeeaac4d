import { rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import process from 'node:process'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { build as esbuild } from 'esbuild'
import { rollup } from 'rollup'
import { beforeAll, describe, expect, it } from 'vitest'
import webpack from 'webpack'
import { Consumer } from './packages/consumer.ts'
import { packPackage } from './packages/pack-package.ts'
import { repositoryPath } from './workspace/repository-path.ts'
import { TemporaryDirectory } from './workspace/temporary-directory.ts'

const HTTP_AGENT = repositoryPath('packages/http-agent/node_modules')

let consumer: Consumer

beforeAll(async () => {
  const tarballs: string[] = []
  const directory = await TemporaryDirectory.create()
  for (const name of ['core', 'http-agent']) tarballs.push(await packPackage(name, directory.path))
  consumer = await Consumer.install(tarballs, {
    undici: `${HTTP_AGENT}/undici`,
    '@opentelemetry/api': `${HTTP_AGENT}/@opentelemetry/api`,
    'prom-client': `${HTTP_AGENT}/prom-client`,
  })
  await writeFile(consumer.path('service.js'), SERVICE)
  return async () => {
    await consumer[Symbol.asyncDispose]()
    await directory[Symbol.asyncDispose]()
  }
})

/** What stays outside of a bundle, because it is looked for when it is needed. */
const EXTERNAL = ['undici', '@opentelemetry/api', 'prom-client']

const SERVICE = `
import http from 'node:http'
import { HttpAgent } from '@holdfast/http-agent'
import { measureWithOpenTelemetry } from '@holdfast/http-agent/opentelemetry'
import { measureWithPrometheus } from '@holdfast/http-agent/prometheus'
import { publishPool } from '@holdfast/http-agent/publish'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'

const server = http.createServer((request, response) => response.end('ok')).listen(0, '127.0.0.1', async () => {
  const { port } = server.address()
  const dispatcher = new KeepAliveDispatcher()
  const { body } = await dispatcher.request({ origin: 'http://127.0.0.1:' + port, path: '/', method: 'GET' })
  const byDispatcher = await body.text()
  const agent = new HttpAgent()
  http.get({ port, agent }, (response) => {
    response.on('data', async (byAgent) => {
      const entries = [measureWithOpenTelemetry, measureWithPrometheus, publishPool]
      await measureWithOpenTelemetry(agent)
      await measureWithPrometheus(agent)
      console.log(byDispatcher, String(byAgent), ...entries.map((entry) => typeof entry))
      agent.destroy()
      await dispatcher.close()
      server.close()
    })
  })
})
`

type Bundle = (input: string, output: string) => Promise<unknown>

const byEsbuild =
  (format: 'esm' | 'cjs'): Bundle =>
  (input, outfile) =>
    esbuild({
      entryPoints: [input],
      outfile,
      format,
      bundle: true,
      platform: 'node',
      external: EXTERNAL,
      logLevel: 'silent',
    })

const byRollup =
  (format: 'es' | 'cjs'): Bundle =>
  async (input, file) => {
    const bundle = await rollup({
      input,
      external: [/^node:/u, ...EXTERNAL],
      plugins: [nodeResolve({ exportConditions: ['node'] })],
    })
    await bundle.write({ file, format, inlineDynamicImports: true })
    await bundle.close()
  }

const byWebpack =
  (type: 'module' | 'commonjs2'): Bundle =>
  (entry, output) =>
    new Promise((resolve, reject) => {
      const compiler = webpack({
        mode: 'production',
        target: 'node20',
        entry,
        // Else `import.meta.url` would be that of the file that was bundled.
        module: type === 'module' ? { parser: { javascript: { importMeta: false } } } : {},
        experiments: { outputModule: type === 'module' },
        externalsType: type === 'module' ? 'module' : 'commonjs',
        externals: EXTERNAL,
        output: {
          path: consumer.path('.'),
          filename: basename(output),
          library: { type },
          chunkFormat: type === 'module' ? 'module' : 'commonjs',
        },
      })
      compiler.run((error, stats) => {
        if (error || stats?.hasErrors()) reject(error ?? new Error(stats?.toString()))
        else compiler.close(() => resolve(undefined))
      })
    })

const BUNDLES: Readonly<Record<string, readonly [bundle: Bundle, extension: string]>> = {
  'esbuild, as ES module': [byEsbuild('esm'), 'mjs'],
  'esbuild, as CommonJS': [byEsbuild('cjs'), 'cjs'],
  'rollup, as ES module': [byRollup('es'), 'mjs'],
  'rollup, as CommonJS': [byRollup('cjs'), 'cjs'],
  'webpack, as ES module': [byWebpack('module'), 'mjs'],
  'webpack, as CommonJS': [byWebpack('commonjs2'), 'cjs'],
}

describe.for(Object.entries(BUNDLES))('a bundle made by %s', ([name, [bundle, extension]]) => {
  it('loads every entry, and serves', async () => {
    const file = `${name.replaceAll(/\W+/gu, '-')}.${extension}`
    const output = consumer.path(file)
    await bundle(consumer.path('service.js'), output)
    const { code, out, err } = await consumer.start(process.execPath, file)
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out.trim()).toBe('ok ok function function function')
    await rm(output)
  })
})
