import type { Enum } from 'protobufjs/light.js'
import { Misfit, misfit } from '../misfit.js'
import type { FieldPlan } from '../plan.js'
import type { Scalar } from '../scalar.js'
import type { ValueJson } from './value-json.js'

/** The JSON of an enum: the first name of a value, or its number if it has none. */
export function enumJson(type: Enum, { scalar, known }: FieldPlan): ValueJson {
  const { name, fits } = scalar as Scalar
  const typeName = type.fullName.replace(/^\./, '')
  const { names, numbers } = namesOf(type)
  return {
    write(value) {
      if (!fits(value)) throw misfit(name, value)
      return names.get(value as number) ?? (value as number)
    },
    read(json, { ignoreUnknown }) {
      if (typeof json === 'string') {
        const number = numbers.get(json)
        if (number === undefined && !ignoreUnknown) throw new Misfit(`unknown enum value: ${typeName} has no such name`)
        return number
      }
      if (!fits(json)) throw misfit(`a name or number of ${typeName}`, json)
      if (!known || known.has(json as number)) return (json as number) + 0
      if (!ignoreUnknown) throw new Misfit(`unknown enum value: ${typeName} has no such number`)
      return undefined
    },
  }
}

/** The null of JSON, as an enum of one value. */
export const nullJson: ValueJson = {
  takesNull: true,
  write: () => null,
  read(json) {
    if (json !== null && json !== 'NULL_VALUE' && json !== 0) throw misfit('null', json)
    return 0
  },
}

interface Names {
  readonly names: ReadonlyMap<number, string>
  readonly numbers: ReadonlyMap<string, number>
}

function namesOf({ values, valuesOptions }: Enum): Names {
  const names = new Map<number, string>()
  const numbers = new Map<string, number>()
  for (const [name, number] of Object.entries(values)) {
    const custom: unknown = valuesOptions?.[name]?.['(pb.enumvalue.json).string']
    const written = typeof custom === 'string' ? custom : name
    if (!names.has(number)) names.set(number, written)
    numbers.set(name, number)
    numbers.set(written, number)
  }
  return { names, numbers }
}
