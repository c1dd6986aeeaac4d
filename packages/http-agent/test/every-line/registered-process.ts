import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'

const ENTRY = '@holdfast/http-agent/register'

/** How a service of either kind is written, and what its file is called. */
export const MODULE_KINDS = {
  'a CommonJS service': {
    file: 'service.cjs',
    preamble: `const http = require('node:http'), https = require('node:https')\n`,
    register: `require('${ENTRY}')\n`,
  },
  'an ESM service': {
    file: 'service.mjs',
    preamble: `import http from 'node:http'\nimport https from 'node:https'\n`,
    register: `import '${ENTRY}'\n`,
  },
} as const

export type ModuleKind = (typeof MODULE_KINDS)[keyof typeof MODULE_KINDS]

/** How our agents come to be the global ones. */
export const REGISTRATIONS = ['--import', '--require', 'its own first line'] as const

/** What of a process is told by itself: which agents are the global ones. */
export const GLOBALS = `
const dispatchers = () => [1, 2].map((n) => globalThis[Symbol.for('undici.globalDispatcher.' + n)])
const globals = () => [http.globalAgent, https.globalAgent, ...dispatchers()].map((it) => it?.constructor.name)
const say = (value) => process.stdout.write(JSON.stringify(value) + '\\n')
const get = (url, options = {}) => new Promise((resolve, reject) => {
  http.get(url, options, (response) => response.resume().on('end', () => setImmediate(resolve)).on('error', reject)).on('error', reject)
})
`

interface Service {
  readonly project: string
  readonly kind: ModuleKind
  readonly registration: (typeof REGISTRATIONS)[number]
  /** What it does once it has what {@link GLOBALS} declares. */
  readonly source: string
  readonly environment?: Readonly<Record<string, string>>
  readonly args?: readonly (string | number)[]
}

export interface Ended {
  readonly code: number | null
  /** The lines of JSON that it has said. */
  readonly said: readonly unknown[]
  readonly err: string
}

/** Starts a service with our agents as the global ones, and waits until it ends by itself. */
export const runRegistered = async (service: Service): Promise<Ended> => {
  const { project, kind, registration, source, environment = {}, args = [] } = service
  const isOwn = registration === 'its own first line'
  const body = `;(async () => {${source}\n})()\n`
  const file = path.join(project, kind.file)
  writeFileSync(file, `${isOwn ? kind.register : ''}${kind.preamble}${GLOBALS}${body}`)
  const flags = isOwn ? [] : [registration, ENTRY]
  const child = spawn(process.execPath, [...flags, file, ...args.map(String)], {
    cwd: project,
    env: { ...environment },
  })
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  const said = out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)
  return { code, said, err }
}
