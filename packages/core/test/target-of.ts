import type { OriginTarget } from '../src/connection/origin-target.ts'

/** The target of an origin whose key may be seen. */
export const targetOf = (name: string): OriginTarget => ({ key: name, name })
