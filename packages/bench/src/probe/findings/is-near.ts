/** Tolerance between a measured time and another; a share of the latter may be more. */
export const TOLERANCE_MS = 250
const TOLERANCE_SHARE = 0.03

/** Whether a measured time may be the other one, a setting or a measured time. */
export function isNear(measuredMs: number, otherMs: number): boolean {
  return Math.abs(measuredMs - otherMs) <= Math.max(TOLERANCE_MS, TOLERANCE_SHARE * otherMs)
}
