import { isUint8Array } from 'node:util/types'
import type { Writer } from './writer.js'

/** Writes a value with its tag, or without one if the tag is 0. False if the value does not fit. */
export type WriteScalar = (writer: Writer, value: unknown) => boolean

/** Makes what writes a field. `implicit` leaves out the value that stands for an absent one. */
export type ScalarWriter = (tag: number, implicit: boolean) => WriteScalar

export const isInt32 = (value: unknown): value is number => typeof value === 'number' && (value | 0) === value
export const isUint32 = (value: unknown): value is number => typeof value === 'number' && value >>> 0 === value
export const isInt64 = (value: unknown): value is bigint =>
  typeof value === 'bigint' && BigInt.asIntN(64, value) === value
export const isUint64 = (value: unknown): value is bigint =>
  typeof value === 'bigint' && BigInt.asUintN(64, value) === value
// A finite number that rounds to infinity is out of range, as in ProtoJSON.
export const isFloat = (value: unknown): value is number =>
  typeof value === 'number' && (Number.isFinite(Math.fround(value)) || !Number.isFinite(value))

// Spelled out type by type: engines make code fast that sees values of one kind.
export const writeInt32: ScalarWriter = (tag, implicit) => (writer, value) => {
  if (!isInt32(value)) return false
  if (value !== 0 || !implicit) writer.int32(tag, value)
  return true
}

export const writeUint32: ScalarWriter = (tag, implicit) => (writer, value) => {
  if (!isUint32(value)) return false
  if (value !== 0 || !implicit) writer.uint32(tag, value)
  return true
}

export const writeSint32: ScalarWriter = (tag, implicit) => (writer, value) => {
  if (!isInt32(value)) return false
  if (value !== 0 || !implicit) writer.uint32(tag, ((value << 1) ^ (value >> 31)) >>> 0)
  return true
}

export const writeFixed32: ScalarWriter = (tag, implicit) => (writer, value) => {
  if (!isUint32(value)) return false
  if (value !== 0 || !implicit) writer.fixed32(tag, value)
  return true
}

export const writeSfixed32: ScalarWriter = (tag, implicit) => (writer, value) => {
  if (!isInt32(value)) return false
  if (value !== 0 || !implicit) writer.fixed32(tag, value)
  return true
}

export const writeInt64: ScalarWriter = (tag, implicit) => (writer, value) => {
  if (!isInt64(value)) return false
  if (value !== 0n || !implicit) writer.int64(tag, value)
  return true
}

export const writeUint64: ScalarWriter = (tag, implicit) => (writer, value) => {
  if (!isUint64(value)) return false
  if (value !== 0n || !implicit) writer.int64(tag, value)
  return true
}

export const writeSint64: ScalarWriter = (tag, implicit) => (writer, value) => {
  if (!isInt64(value)) return false
  if (value !== 0n || !implicit) writer.sint64(tag, value)
  return true
}

export const writeFixed64: ScalarWriter = (tag, implicit) => (writer, value) => {
  if (!isUint64(value)) return false
  if (value !== 0n || !implicit) writer.fixed64(tag, value)
  return true
}

export const writeSfixed64: ScalarWriter = (tag, implicit) => (writer, value) => {
  if (!isInt64(value)) return false
  if (value !== 0n || !implicit) writer.fixed64(tag, value)
  return true
}

// Minus zero is not the default: it must reach the other side.
export const writeFloat: ScalarWriter = (tag, implicit) => (writer, value) => {
  if (!isFloat(value)) return false
  if (!implicit || !Object.is(value, 0)) writer.float(tag, value)
  return true
}

export const writeDouble: ScalarWriter = (tag, implicit) => (writer, value) => {
  if (typeof value !== 'number') return false
  if (!implicit || !Object.is(value, 0)) writer.double(tag, value)
  return true
}

export const writeBool: ScalarWriter = (tag, implicit) => (writer, value) => {
  if (typeof value !== 'boolean') return false
  if (value || !implicit) writer.uint32(tag, value ? 1 : 0)
  return true
}

export const writeString: ScalarWriter = (tag, implicit) => (writer, value) => {
  if (typeof value !== 'string') return false
  return (value === '' && implicit) || writer.text(tag, value)
}

export const writeBytes: ScalarWriter = (tag, implicit) => (writer, value) => {
  if (!isUint8Array(value)) return false
  if (value.length > 0 || !implicit) writer.bytes(tag, value)
  return true
}
