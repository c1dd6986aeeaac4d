/* Runs the storm with each client, and prints what became of the requests. */
import process from 'node:process'
import { parseArgs } from 'node:util'
import type { StormVerdict } from './judge-storm.ts'
import { runStorm } from './run-storm.ts'
import { stormClients } from './storm-clients.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    secure: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
})
const seed = Number(values.seed)
const requestsEach = Number(values.requests)

const summaryOf = (verdict: StormVerdict, isOurs: boolean): string => {
  const { failureCount, lostSafe, lostUnseen, doublePosts, wrongAnswers, lies } = verdict
  return (
    `${failureCount.GET} GETs failed, ${lostSafe.length} of them without a byte of a response; ` +
    `${failureCount.POST} POSTs failed, ${lostUnseen.length} of them never seen by the server; ` +
    `${doublePosts.length} POSTs seen twice; ${wrongAnswers.length} wrong answers` +
    `${isOurs ? `; ${lies.length} failures that lie` : ''}`
  )
}

process.stdout.write(
  `${requestsEach} GETs and as many POSTs each, Node ${process.version}, --seed ${seed}\n`,
)
let hasFailed = false
for (const [name, client] of stormClients(values.secure)) {
  if (!name.includes(values.only)) continue
  const verdict = await runStorm({ seed, requestsEach, client })
  process.stdout.write(`${name}: ${summaryOf(verdict, client.isOurs)}\n`)
  if (!client.isOurs) continue
  const { lostSafe, doublePosts, wrongAnswers, lies } = verdict
  const complaints = [...lostSafe, ...doublePosts, ...wrongAnswers, ...lies]
  for (const complaint of complaints) process.stdout.write(`  ${complaint}\n`)
  hasFailed ||= complaints.length > 0
}
process.exitCode = hasFailed ? 1 : 0
