import type http from 'node:http'
import type { LooseValues } from '../../cli/spec.ts'
import { AgentCaller } from '../callers/agent-caller.ts'
import type { Caller, RequestPlan } from '../callers/caller.ts'
import { DispatchCaller, type DispatcherLike } from '../callers/dispatch-caller.ts'
import { CLIENTS } from './clients.ts'
import { isModule, type Variant } from './variant.ts'

/** What a module of the user's is given. */
export interface ModuleSettings {
  /** Requests that will be in progress at any time. */
  readonly concurrency: number
  /** As they stand behind the module's name. */
  readonly options: LooseValues
}

/** Creates what makes the requests of a variant. */
export async function createCaller(variant: Variant, plan: RequestPlan): Promise<Caller> {
  if (isModule(variant.client)) return await createModuleCaller(variant, plan)
  const client = CLIENTS.get(variant.client)
  if (client === undefined) throw new Error(`no client ${variant.client}`)
  return await client.createCaller(plan, variant.options)
}

/** The default export is an agent or a dispatcher, or a function that returns or promises one. */
async function createModuleCaller(variant: Variant, plan: RequestPlan): Promise<Caller> {
  const { default: exported } = (await import(variant.client)) as { readonly default?: unknown }
  const settings: ModuleSettings = { concurrency: plan.concurrency, options: variant.options }
  const made: unknown = isFunction(exported) ? await exported(settings) : exported
  if (isAgent(made)) return new AgentCaller(made, plan)
  if (isDispatcher(made)) return new DispatchCaller(made, plan)
  throw new TypeError(
    `${variant.client} has to export, as its default, an http.Agent or a dispatcher, or a function that makes one`,
  )
}

function isFunction(value: unknown): value is (settings: ModuleSettings) => unknown {
  return typeof value === 'function'
}

/** As `http.request` takes it: whatever has `addRequest`. */
function isAgent(value: unknown): value is http.Agent {
  return typeof value === 'object' && value !== null && 'addRequest' in value
}

function isDispatcher(value: unknown): value is DispatcherLike {
  return typeof value === 'object' && value !== null && 'dispatch' in value
}
