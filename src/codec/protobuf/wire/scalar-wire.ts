import { lenientString, type Scalar } from '../scalar.js'
import type { Reader } from './reader.js'
import {
  type ScalarWriter,
  writeBool,
  writeBytes,
  writeDouble,
  writeFixed32,
  writeFixed64,
  writeFloat,
  writeInt32,
  writeInt64,
  writeSfixed32,
  writeSfixed64,
  writeSint32,
  writeSint64,
  writeString,
  writeUint32,
  writeUint64,
} from './scalar-write.js'

/** How values of a scalar type are written and read. */
export interface ScalarWire {
  readonly writer: ScalarWriter
  readonly read: (reader: Reader) => unknown
}

const byName: Readonly<Record<string, ScalarWire>> = {
  int32: { writer: writeInt32, read: (reader) => reader.int32() },
  uint32: { writer: writeUint32, read: (reader) => reader.uint32() },
  sint32: { writer: writeSint32, read: (reader) => reader.sint32() },
  fixed32: { writer: writeFixed32, read: (reader) => reader.fixed32() },
  sfixed32: { writer: writeSfixed32, read: (reader) => reader.fixed32() | 0 },
  float: { writer: writeFloat, read: (reader) => reader.float() },
  double: { writer: writeDouble, read: (reader) => reader.double() },
  int64: { writer: writeInt64, read: (reader) => reader.int64() },
  uint64: { writer: writeUint64, read: (reader) => reader.uint64() },
  sint64: { writer: writeSint64, read: (reader) => reader.sint64() },
  fixed64: { writer: writeFixed64, read: (reader) => reader.fixed64() },
  sfixed64: { writer: writeSfixed64, read: (reader) => reader.sfixed64() },
  bool: { writer: writeBool, read: (reader) => reader.bool() },
  string: { writer: writeString, read: (reader) => reader.text() },
  bytes: { writer: writeBytes, read: (reader) => reader.copy() },
}

const lenient: ScalarWire = { writer: writeString, read: (reader) => reader.lenientText() }

/** The binary form of a scalar type. */
export function wireOf(scalar: Scalar): ScalarWire {
  return scalar === lenientString ? lenient : (byName[scalar.name] as ScalarWire)
}
