import protobuf, { type Field, type Method, type ReflectionObject, type Root } from 'protobufjs'
import { enumSchema } from '../../codec/schema/describe-type.js'
import { errorReasons } from '../proto-schema/error-reasons.js'
import { positionOf } from '../proto-source/locate.js'
import { httpRules } from './http-rules.js'
import type { ProtoProblem } from './proto-error.js'
import type { ProtoFile } from './proto-files.js'

/** Something wrong with a declaration, or with a member of it. */
interface Finding {
  readonly member?: string
  /** Where it is found, if not at the declaration. */
  readonly path?: readonly string[]
  /** The word of its statement that is wrong. */
  readonly word?: string | undefined
  readonly text: string
}

/** What is wrong with files that could be parsed: types that do not exist, numbers that no field can have. */
export function checkFiles(root: Root, files: ReadonlyMap<string, ProtoFile>): ProtoProblem[] {
  return declarationsIn(root).flatMap((declaration) => {
    const file = files.get(declaration.filename ?? '')
    if (!file) return []
    return findingsOf(declaration, file).map(({ member, word, text, path: other }) => {
      const path = other ?? declaration.fullName.slice(file.package === '' ? 1 : file.package.length + 2).split('.')
      const place = positionOf(file.source, member === undefined ? path : [...path, member], word)
      return { file: file.path, ...place, text }
    })
  })
}

function declarationsIn(namespace: protobuf.NamespaceBase): ReflectionObject[] {
  return namespace.nestedArray.flatMap((object) => [
    object,
    ...(object instanceof protobuf.Namespace || object instanceof protobuf.Type || object instanceof protobuf.Service
      ? declarationsIn(object)
      : []),
  ])
}

function findingsOf(declaration: ReflectionObject, file: ProtoFile): Finding[] {
  if (declaration instanceof protobuf.Type)
    return [...typeFindings(declaration), ...declaration.fieldsArray.flatMap(fieldFindings)]
  if (declaration instanceof protobuf.Enum) return enumFindings(declaration, file)
  if (declaration instanceof protobuf.Service) return declaration.methodsArray.flatMap(methodFindings)
  if (declaration instanceof protobuf.Field && declaration.extend && !declaration.extensionField)
    return [{ path: [declaration.extend], text: `no such type: ${declaration.extend}` }]
  return []
}

function typeFindings(type: protobuf.Type): Finding[] {
  if (type.options?.message_set_wire_format !== true) return []
  return [{ text: `message ${type.name} has message_set_wire_format, which is not supported` }]
}

function fieldFindings(field: Field): Finding[] {
  const member = field.protoName ?? field.name
  const findings: Finding[] = []
  if (field.id < 1 || field.id > 536_870_911 || (field.id >= 19_000 && field.id <= 19_999))
    findings.push({
      member,
      word: String(field.id),
      text: `${field.id} is not a field number: they go from 1 to 536870911, without 19000 to 19999`,
    })
  const missing = failureOf(() => field.resolve())
  if (missing !== undefined) findings.push({ member, word: field.type, text: `no such type: ${field.type}` })
  return findings
}

function enumFindings(type: protobuf.Enum, { source }: ProtoFile): Finding[] {
  const { name, values } = type
  const [first] = Object.values(values)
  if (first === undefined) return [{ text: `enum ${name} has no values` }]
  if (first !== 0 && /^\s*syntax\s*=\s*["']proto3["']/m.test(source))
    return [{ text: `the first value of enum ${name} must be 0` }]
  const wrong = failureOf(() => errorReasons(enumSchema(type)))
  return wrong === undefined ? [] : [{ member: /\w+/.exec(wrong)?.[0] ?? name, text: wrong }]
}

function methodFindings(method: Method): Finding[] {
  const missing = [method.requestType, method.responseType].filter(
    (type) => failureOf(() => method.parent?.lookupType(type)) !== undefined,
  )
  const rules = failureOf(() => httpRules(method.parsedOptions ?? []))
  return [
    ...missing.map((type) => ({ member: method.name, word: type, text: `no such message: ${type}` })),
    ...(rules === undefined ? [] : [{ member: method.name, text: rules }]),
  ]
}

function failureOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
