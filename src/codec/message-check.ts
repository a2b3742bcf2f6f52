import { type FieldDescriptor, type MessageDescriptor, protoName } from './message-descriptor.js'

const FULL_NAME = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/
const NAME = /^[A-Za-z]\w*$/
const MAX_NUMBER = 2 ** 29 - 1

/** What protobuf forbids in a message that is seen alone: names, numbers, and what cannot go together. Empty if all is well. */
export function messageProblems({ name, fields }: MessageDescriptor): string[] {
  const oneofs = new Set(fields.flatMap(({ oneof }) => (oneof === undefined ? [] : [oneof])))
  const properties = [...fields.map((field) => field.name), ...oneofs]
  return [
    ...(FULL_NAME.test(name) ? [] : [`${JSON.stringify(name)} is not a full name like shop.v1.Order`]),
    ...properties.filter((property) => !NAME.test(property)).map((it) => `${JSON.stringify(it)} is not a field name`),
    ...fields.flatMap(fieldProblems),
    ...doubled(fields.map(({ no }) => no)).map((no) => `number ${no} is used by ${users(fields, no)}`),
    ...doubled(properties.map(protoName)).map((it) => `two fields or oneofs are called ${it}`),
  ]
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
