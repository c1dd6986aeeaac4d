import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { serveHttp } from './loopback.ts'
import { UNDICI_VERSIONS } from './undici-versions.ts'

/** What an operator may forbid, by the flags of the lines that know it. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  'to change what is built in': ['--frozen-intrinsics'],
  'to read or set __proto__': ['--disable-proto=throw'],
  'to make code of strings': ['--disallow-code-generation-from-strings'],
  'all but reading files and the network': ['--permission', '--allow-fs-read=*', '--allow-net'],
  'all but reading files': ['--experimental-permission', '--allow-fs-read=*'],
}

const EXPECTED = [
  'ok ok ok ok recorded completed',
  ...UNDICI_VERSIONS.map(() => 'ok ok ok ok'),
].join(' ')

const isKnown = (flag: string): boolean => process.allowedNodeEnvironmentFlags.has(flag)

for (const [what, [first = '', ...more]] of Object.entries(FLAGS)) {
  const [name = ''] = first.split('=')
  const skip = !isKnown(name) && `this Node does not know ${name}`
  it(`works where a process may not do this: ${what}`, { skip }, async (context) => {
    const { port } = await serveHttp(context, (_request, response) => response.end('ok'))
    const flags = [first, ...more.filter((flag) => isKnown(flag.split('=')[0] ?? ''))]
    const script = fileURLToPath(new URL('flagged-process.js', import.meta.url))
    const child = spawn(process.execPath, [...flags, '--no-warnings', script, String(port)])
    context.after(() => child.kill())
    let output = ''
    const note = (bytes: Buffer): void => {
      output += bytes
    }
    child.stdout.on('data', note)
    child.stderr.on('data', note)
    const [code] = await once(child, 'close')
    assert.deepEqual({ code, output }, { code: 0, output: EXPECTED })
  })
}
