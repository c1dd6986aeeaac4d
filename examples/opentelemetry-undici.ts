// OpenTelemetry sees one span for each request through a dispatcher.
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'

export const spans = new InMemorySpanExporter()
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }).register()
registerInstrumentations({ instrumentations: [new UndiciInstrumentation()] })

export const dispatcher = new KeepAliveDispatcher()

export const keptFetch = (url: string, options: RequestInit = {}): Promise<Response> =>
  fetch(url, { dispatcher, ...options })
