import type http from 'node:http'
import type { LooseValues } from '../../cli/spec.ts'
import { AgentCaller } from '../callers/agent-caller.ts'
import type { Caller, RequestPlan } from '../callers/caller.ts'
import { DispatchCaller, type DispatcherLike } from '../callers/dispatch-caller.ts'
import { CLIENTS } from './clients.ts'
import { isModule, type Variant } from './variant.ts'

/** Settings that a module of the user's gets. */
export interface ModuleSettings {
  /** Requests that will be in progress at any time. */
  readonly concurrency: number
  /** Options behind the module's name. */
  readonly options: LooseValues
}

/** Creates the caller of a variant. */
export async function createCaller(variant: Variant, plan: RequestPlan): Promise<Caller> {
  if (isModule(variant.client)) return await createModuleCaller(variant, plan)
  const client = CLIENTS.get(variant.client)
  if (client === undefined) throw new Error(`no client ${variant.client}`)
  return await client.createCaller(plan, variant.options)
}

/**
 * Creates the caller of a module, whose default export is an agent, a dispatcher, or a function
 * that returns or promises one.
 */
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

/** Whether `http.request` takes it as an agent. */
function isAgent(value: unknown): value is http.Agent {
  return typeof value === 'object' && value !== null && 'addRequest' in value
}

function isDispatcher(value: unknown): value is DispatcherLike {
  return typeof value === 'object' && value !== null && 'dispatch' in value
}
