import type { PoolReport } from '@holdfast/http-agent/publish'

/** Connections of a pool to one of the addresses of a name. */
export interface AddressLine {
  readonly pool: string
  /** Name of the origin. */
  readonly origin: string
  readonly address: string
  readonly open: number
  /** Those of `open` that serve a request. */
  readonly inUse: number
}

const IN_USE: ReadonlySet<string> = new Set(['leased', 'draining'])

/** Connections by address, for origins that have connections to more than one. */
export function addressLines(reports: readonly PoolReport[]): readonly AddressLine[] {
  return reports.flatMap(linesOf)
}

function linesOf({ name, connections }: PoolReport): AddressLine[] {
  const origins = new Map<string, Map<string, AddressLine>>()
  for (const { origin, remoteAddress, state } of connections) {
    if (remoteAddress === undefined) continue
    const lines = origins.get(origin) ?? new Map<string, AddressLine>()
    origins.set(origin, lines)
    const line = lines.get(remoteAddress)
    lines.set(remoteAddress, {
      pool: name,
      origin,
      address: remoteAddress,
      open: (line?.open ?? 0) + 1,
      inUse: (line?.inUse ?? 0) + (IN_USE.has(state) ? 1 : 0),
    })
  }
  return [...origins.values()]
    .filter(({ size }) => size > 1)
    .flatMap((lines) => [...lines.values()])
}
