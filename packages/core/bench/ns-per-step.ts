/** How long one batch of steps takes, at the least: the clock is read between batches only. */
import process from 'node:process'

const BATCH_NS = 20_000_000n
const MEASURE_NS = 600_000_000n

const now = (): bigint => process.hrtime.bigint()

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

/** The median over batches of what a step costs, once it is warm. */
export const nsPerStep = (step: () => void): number => {
  let batch = 256
  for (let tookNs = 0n; tookNs < BATCH_NS; batch *= 2) {
    const startNs = now()
    for (let count = 0; count < batch; count++) step()
    tookNs = now() - startNs
  }
  const costs: number[] = []
  for (const endNs = now() + MEASURE_NS; now() < endNs; ) {
    const startNs = now()
    for (let count = 0; count < batch; count++) step()
    costs.push(Number(now() - startNs) / batch)
  }
  return median(costs)
}

/** The same for a step that has to be waited for. */
export const nsPerStepAsync = async (step: () => Promise<void>): Promise<number> => {
  let batch = 16
  for (let tookNs = 0n; tookNs < BATCH_NS; batch *= 2) {
    const startNs = now()
    for (let count = 0; count < batch; count++) await step()
    tookNs = now() - startNs
  }
  const costs: number[] = []
  for (const endNs = now() + MEASURE_NS; now() < endNs; ) {
    const startNs = now()
    for (let count = 0; count < batch; count++) await step()
    costs.push(Number(now() - startNs) / batch)
  }
  return median(costs)
}
