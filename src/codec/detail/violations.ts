import type { ErrorDetail } from '../../error/rpc-error.js'
import type { MessageCodec } from '../message-codec.js'
import { bundledCodec } from '../protobuf/bundled/bundled-root.js'
import { toWellFormed } from '../protobuf/well-formed.js'
import type { ExtensionSchema, FieldSchema, MessageSchema, TypeReference } from '../schema/schema.js'
import type { Finding, PathStep } from '../validate/finding.js'

const VIOLATIONS = 'buf.validate.Violations'

/** Bytes that a detail may have: beside others it has to fit into trailers. */
const MAX_BYTES = 1500
const MAX_TEXT = 120

interface Element {
  readonly fieldName: string
  readonly fieldNumber?: number
  readonly fieldType?: number | undefined
  readonly keyType?: number | undefined
  readonly valueType?: number | undefined
  readonly subscript?: { readonly case: string; readonly value: unknown } | undefined
}

interface Violation {
  readonly field?: { readonly elements: readonly Element[] } | undefined
  readonly rule?: { readonly elements: readonly Element[] } | undefined
  readonly ruleId: string
  readonly message: string
  readonly forKey?: true
}

const codec: MessageCodec<{ violations: readonly Violation[] }> = bundledCodec(VIOLATIONS)
const ruleCodec = bundledCodec('buf.validate.FieldRules')

/** The `buf.validate.Violations` that says what is wrong in the words of protovalidate: as much of it as has room. */
export function violationsDetail(findings: readonly Finding[]): ErrorDetail {
  const violations: Violation[] = []
  let value = codec.encode({ violations })
  for (const finding of findings) {
    violations.push(violation(finding))
    const longer = codec.encode({ violations })
    if (longer.length > MAX_BYTES) break
    value = longer
  }
  return { type: VIOLATIONS, value }
}

function violation({ path, id, rule, extension, text, forKey }: Finding): Violation {
  return {
    ...(path.length > 0 && { field: { elements: path.map(pathElement) } }),
    ...(rule !== '' && { rule: { elements: ruleElements(rule, extension) } }),
    ruleId: toWellFormed(id.slice(0, MAX_TEXT)),
    message: toWellFormed(text.slice(0, MAX_TEXT)),
    ...(forKey && { forKey }),
  }
}

function pathElement({ field, key }: PathStep): Element {
  // A oneof is no field: it has a name only.
  if (field.kind === 'oneof') return { fieldName: field.protoName }
  if (key === undefined) return fieldElement(field)
  if (typeof key === 'number') return { ...fieldElement(field), subscript: { case: 'index', value: BigInt(key) } }
  const types = { keyType: typeNumber(field.mapKey ?? 'string'), valueType: typeNumber(field.type) }
  return { ...fieldElement(field), ...types, subscript: keySubscript(field.mapKey, key) }
}

function fieldElement(field: FieldSchema): Element {
  return { fieldNumber: field.no, fieldName: field.protoName, fieldType: fieldType(field) }
}

function fieldType({ shape, type, delimited }: FieldSchema): number {
  if (shape === 'map') return MESSAGE
  return delimited ? GROUP : typeNumber(type)
}

function keySubscript(type = 'string', key: string): Element['subscript'] {
  if (type === 'string') return { case: 'stringKey', value: toWellFormed(key.slice(0, MAX_TEXT)) }
  if (type === 'bool') return { case: 'boolKey', value: key === 'true' }
  return { case: /^u|^f/.test(type) ? 'uintKey' : 'intKey', value: BigInt(key) }
}

/** Where a rule is in `buf.validate.FieldRules`: `repeated.items.string.min_len`, `cel[0]`. */
function ruleElements(rule: string, extension: ExtensionSchema | undefined): Element[] {
  const elements: Element[] = []
  let schema: MessageSchema | undefined = ruleCodec.schema
  for (const step of rule.split(/\.(?![^[]*\])/)) {
    const [, name = step, index] = /^(\w+)\[(\d+)\]$/.exec(step) ?? []
    const subscript = index === undefined ? {} : { subscript: { case: 'index', value: BigInt(index) } }
    const field: FieldSchema | undefined = schema && fieldsOf(schema).find(({ protoName }) => protoName === name)
    elements.push({ ...(field ? fieldElement(field) : ownElement(step, extension)), ...subscript })
    schema = typeof field?.type === 'object' && field.type.kind === 'message' ? field.type.schema : undefined
  }
  return elements
}

/** A rule that a file of the contract adds: its name is in brackets. */
function ownElement(fieldName: string, extension: ExtensionSchema | undefined): Element {
  return extension ? { ...fieldElement(extension), fieldName } : { fieldName }
}

function fieldsOf({ members }: MessageSchema): FieldSchema[] {
  return members.flatMap((member) => (member.kind === 'oneof' ? member.fields : [member]))
}

/** Numbers of `google.protobuf.FieldDescriptorProto.Type`. */
const TYPES: readonly string[] = [
  ...['', 'double', 'float', 'int64', 'uint64', 'int32', 'fixed64', 'fixed32', 'bool', 'string', 'group', 'message'],
  ...['bytes', 'uint32', 'enum', 'sfixed32', 'sfixed64', 'sint32', 'sint64'],
]
const GROUP = TYPES.indexOf('group')
const MESSAGE = TYPES.indexOf('message')

function typeNumber(type: string | TypeReference): number {
  return TYPES.indexOf(typeof type === 'string' ? type : type.kind)
}
