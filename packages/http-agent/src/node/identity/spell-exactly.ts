import { Buffer, isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'

/** Numbers of objects and functions that are compared by reference, as long as these live. */
const references: WeakMap<object, number> = new WeakMap()
let lastReference = 0

const referenceOf = (value: object): string => {
  let reference = references.get(value)
  if (reference === undefined) {
    reference = ++lastReference
    references.set(value, reference)
  }
  return `@${reference}`
}

const bytesOf = (value: ArrayBufferView | ArrayBuffer): Uint8Array =>
  ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value)

const isBytes = (value: object): value is ArrayBufferView | ArrayBuffer =>
  ArrayBuffer.isView(value) || value instanceof ArrayBuffer

const isPlain = (value: object): boolean => {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/**
 * A text that is equal for equal values only: bytes, arrays and plain objects count by what is in
 * them, functions and all other objects by reference.
 */
export const spellExactly = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return referenceOf(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (isBytes(value)) return `#${createHash('sha256').update(bytesOf(value)).digest('hex')}`
  if (Array.isArray(value)) return `[${value.map(spellExactly).join()}]`
  if (!isPlain(value)) return referenceOf(value)
  const members = Object.entries(value).map(([name, member]) => `${name}:${spellExactly(member)}`)
  return `{${members.join()}}`
}

/** Whether `String` tells the value from every other one of its kind, as Node's names rely on. */
export const isSpeltByString = (value: unknown): boolean => {
  if (typeof value === 'function') return false
  if (typeof value !== 'object' || value === null) return true
  if (Buffer.isBuffer(value)) return isUtf8(value)
  return Array.isArray(value) && value.every(isSpeltByString)
}
