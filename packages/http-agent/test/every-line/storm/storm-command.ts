/* Runs the storm with each agent, and prints what became of the requests. */
import http from 'node:http'
import https from 'node:https'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import agentkeepalive, { HttpsAgent as AgentkeepaliveHttps } from 'agentkeepalive'
import { TEST_IDENTITY } from '../loopback.ts'
import { runStorm } from './run-storm.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    secure: { type: 'boolean', default: false },
  },
})
const isSecure = values.secure
const { cert: ca } = TEST_IDENTITY

const AGENTS: Readonly<Record<string, () => http.Agent>> = isSecure
  ? {
      HttpsAgent: () => new HttpsAgent({ ca }),
      'https.Agent': () => new https.Agent({ ca, keepAlive: true }),
      agentkeepalive: () => new AgentkeepaliveHttps({ ca }),
    }
  : {
      HttpAgent: () => new HttpAgent(),
      'http.Agent': () => new http.Agent({ keepAlive: true }),
      agentkeepalive: () => new agentkeepalive(),
    }

const seed = Number(values.seed)
const requestsEach = Number(values.requests)
process.stdout.write(
  `${requestsEach} GETs and as many POSTs each, Node ${process.version}, --seed ${seed}\n`,
)
let hasFailed = false
for (const [name, createAgent] of Object.entries(AGENTS)) {
  const verdict = await runStorm({ seed, isSecure, requestsEach, createAgent })
  const { failureCount, lostSafe, lostUnseen, doublePosts, wrongAnswers, lies } = verdict
  const isOurs = name.startsWith('Http')
  process.stdout.write(
    `${name}: ${failureCount.GET} GETs failed, ${lostSafe.length} of them without a byte of a response; ` +
      `${failureCount.POST} POSTs failed, ${lostUnseen.length} of them never seen by the server; ` +
      `${doublePosts.length} POSTs seen twice; ${wrongAnswers.length} wrong answers` +
      `${isOurs ? `; ${lies.length} failures that lie` : ''}\n`,
  )
  if (!isOurs) continue
  const complaints = [...lostSafe, ...doublePosts, ...wrongAnswers, ...lies]
  for (const complaint of complaints) process.stdout.write(`  ${complaint}\n`)
  hasFailed = complaints.length > 0
}
process.exitCode = hasFailed ? 1 : 0
