import { Buffer } from 'node:buffer'

/** A copy of an option's value, to be compared with what stands there later by {@link isUnchanged}. */
export const optionSnapshot = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value)
  if (Array.isArray(value)) return value.map(optionSnapshot)
  // What members it has may change, and they are not looked at: it is taken for changed.
  return mayChange(value) ? Symbol('changed') : value
}

/** Whether the value is what it was: bytes and arrays by what is in them, other objects by reference. */
export const isUnchanged = (snapshot: unknown, value: unknown): boolean => {
  if (snapshot === value) return true
  if (Buffer.isBuffer(snapshot)) return value instanceof Uint8Array && snapshot.equals(value)
  return (
    Array.isArray(snapshot) &&
    Array.isArray(value) &&
    snapshot.length === value.length &&
    snapshot.every((member, index) => isUnchanged(member, value[index]))
  )
}

const mayChange = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return true
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
