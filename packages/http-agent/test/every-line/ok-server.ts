/* A server process that answers `ok` to everything, and leaves idle connections open. */
import http from 'node:http'
import https from 'node:https'
import process from 'node:process'
import { TEST_IDENTITY } from './loopback.ts'

const [, , protocol, port] = process.argv
const options = { ...TEST_IDENTITY, keepAliveTimeout: 0 }
const server =
  protocol === 'https'
    ? https.createServer(options, (_request, response) => response.end('ok'))
    : http.createServer(options, (_request, response) => response.end('ok'))
server.listen(Number(port))
