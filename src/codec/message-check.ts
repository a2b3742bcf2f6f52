import {
  contractName,
  type EnumDescriptor,
  type FieldDescriptor,
  type MessageDescriptor,
  type NumberedOptions,
  protoName,
} from './message-descriptor.js'

const FULL_NAME = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/
const NAME = /^[A-Za-z]\w*$/
const CONTRACT_NAME = /^[A-Za-z_]\w*$/
const MAX_NUMBER = 2 ** 29 - 1
const INT32 = { first: -(2 ** 31), last: 2 ** 31 - 1 }

/** What protobuf forbids in a message that is seen alone: names, numbers, and what cannot go together. Empty if all is well. */
export function messageProblems(message: MessageDescriptor): string[] {
  const { name, fields } = message
  const oneofs = new Set(fields.flatMap(({ oneof }) => (oneof === undefined ? [] : [oneof])))
  const properties = [...fields.map((field) => field.name), ...oneofs]
  const given = fields.flatMap((field) => field.protoName ?? [])
  const used = fields.map((field) => ({ ...field, alias: contractName(field) }))
  return [
    ...nameProblems(name, message.package),
    ...properties.filter((property) => !NAME.test(property)).map((it) => `${JSON.stringify(it)} is not a field name`),
    ...given.filter((it) => !CONTRACT_NAME.test(it)).map((it) => `${JSON.stringify(it)} is not a field name`),
    ...fields.flatMap(fieldProblems),
    ...doubled(fields.map(({ no }) => no)).map((no) => `number ${no} is used by ${users(fields, no)}`),
    ...doubled([...fields.map(contractName), ...[...oneofs].map(protoName)]).map(
      (it) => `two fields or oneofs are called ${it}`,
    ),
    ...doubled(fields.flatMap(({ jsonName }) => jsonName ?? [])).map((it) => `two fields are called ${it} in JSON`),
    ...reservedProblems(message, used, { first: 1, last: MAX_NUMBER }),
  ]
}

/** What protobuf forbids in an enum that is seen alone. */
export function enumProblems(type: EnumDescriptor): string[] {
  const entries = Object.entries(type.values)
  const wrong = entries.filter(([key, no]) => !CONTRACT_NAME.test(key) || (no | 0) !== no)
  const used = entries.map(([name, no]) => ({ name, no }))
  const problems = [
    ...(entries.some(([, no]) => no === 0) ? [] : ['lacks the value 0, which is the default']),
    ...wrong.map(([key, no]) => `cannot have ${JSON.stringify(key)} = ${no}`),
    ...Object.keys(type.said ?? {})
      .filter((name) => !Object.hasOwn(type.values, name))
      .map((name) => `says something of ${name}, which it lacks`),
    ...reservedProblems(type, used, INT32).map((problem) => `is wrong: ${problem}`),
  ]
  return [
    ...(type.fullName === undefined ? [] : nameProblems(type.fullName, type.package)),
    ...problems.map((problem) => `the enum ${type.name} ${problem}`),
  ]
}

function nameProblems(name: string, pkg: string | undefined): string[] {
  if (!FULL_NAME.test(name)) return [`${JSON.stringify(name)} is not a full name like shop.v1.Order`]
  return pkg === undefined || pkg === '' || name.startsWith(`${pkg}.`) ? [] : [`${name} is not in the package ${pkg}`]
}

/** Something with a name and a number. */
interface Used {
  readonly name: string
  readonly no: number
  /** Another name of it. */
  readonly alias?: string
}

/** Reserved things that are none, or that are used. */
function reservedProblems(
  { reserved = [] }: Pick<NumberedOptions, 'reserved'>,
  used: readonly Used[],
  { first, last }: { readonly first: number; readonly last: number },
): string[] {
  return reserved.flatMap((one) => {
    if (typeof one === 'string') {
      const taken = used.filter(({ name, alias }) => name === one || alias === one)
      const wrong = CONTRACT_NAME.test(one) ? [] : [`reserved ${JSON.stringify(one)} is not a name`]
      return [...wrong, ...taken.map(({ name }) => `${name} has the name ${one}, which is reserved`)]
    }
    const [from, to] = typeof one === 'number' ? [one, one] : one
    if (!Number.isInteger(from) || !Number.isInteger(to) || from > to || from < first || to > last)
      return [`reserved ${from} to ${to} are not numbers from ${first} to ${last} in order`]
    const taken = used.filter(({ no }) => no >= from && no <= to)
    return taken.map(({ name, no }) => `${name} has the number ${no}, which is reserved`)
  })
}

function fieldProblems({ name, no, mapKey, repeated, optional, oneof }: FieldDescriptor): string[] {
  const problems: string[] = []
  if (!Number.isInteger(no) || no < 1 || no > MAX_NUMBER)
    problems.push(`${name} has the number ${no}: numbers go from 1 to ${MAX_NUMBER}`)
  if (no >= 19_000 && no <= 19_999)
    problems.push(`${name} has the number ${no}: 19000 to 19999 are reserved by protobuf`)
  const shapes = Object.entries({ repeated, optional, 'a map': mapKey, 'in a oneof': oneof !== undefined })
  const set = shapes.filter(([, on]) => on).map(([shape]) => shape)
  if (set.length > 1) problems.push(`${name} cannot be ${set.join(' and ')} at once`)
  return problems
}

function users(fields: readonly FieldDescriptor[], no: number): string {
  return fields
    .filter((field) => field.no === no)
    .map((field) => field.name)
    .join(' and ')
}

function doubled<T>(values: readonly T[]): T[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))]
}
