// OpenTelemetry sees one span for each request through an agent.
import http from 'node:http'
import https from 'node:https'
import { createRequire } from 'node:module'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'

export const spans = new InMemorySpanExporter()
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }).register()
registerInstrumentations({ instrumentations: [new HttpInstrumentation()] })
// It instruments what is required after it; a service in ES modules starts it by --import instead.
for (const name of ['node:http', 'node:https']) createRequire(import.meta.url)(name)

export const httpAgent = new HttpAgent()
export const httpsAgent = new HttpsAgent()

export const request = (url: string, options: http.RequestOptions = {}): http.ClientRequest =>
  url.startsWith('https:')
    ? https.request(url, { agent: httpsAgent, ...options })
    : http.request(url, { agent: httpAgent, ...options })
