/* A server process that answers `ok` to everything, `/slow` after 8 s, and leaves idle connections open. */
import http from 'node:http'
import https from 'node:https'
import process from 'node:process'
import { TEST_IDENTITY } from './loopback.ts'

const [, , protocol, port] = process.argv
const options = { ...TEST_IDENTITY, keepAliveTimeout: 0 }
const answer: http.RequestListener = (request, response) => {
  if (request.url === '/slow') setTimeout(() => response.end('ok'), 8000)
  else response.end('ok')
}
const server =
  protocol === 'https' ? https.createServer(options, answer) : http.createServer(options, answer)
server.listen(Number(port))
