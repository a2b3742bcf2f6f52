import type { Enum, Type } from 'protobufjs/light.js'
import { textOfJson } from '../../json-text.js'
import { enumJson, nullJson } from '../json/enum-json.js'
import { namesOf, type PlacedField, placedFields } from '../json/field-json.js'
import { messageJson } from '../json/message-json.js'
import { checkDepth, isObject, type ValueJson } from '../json/value-json.js'
import type { MapKey } from '../map-key.js'
import { misfit } from '../misfit.js'
import { planOf } from '../plan.js'
import { fromSource } from '../source/from-source.js'
import { quote, scalarText, type WriteText } from './scalar-text.js'
import { TextSource } from './text-source.js'

// Holds nothing but what follows from the type: so that types which refer to each other are compiled once.
const compiled = new WeakMap<Type, WriteText>()

/**
 * ProtoJSON of a type as text: what `textOfJson` makes of its value, without the value. What does not fit fails without
 * the path to it: writing the value tells that.
 */
export function messageText(type: Type): WriteText {
  let text = compiled.get(type)
  if (!text) {
    const json = messageJson(type)
    text = (json.alone ? undefined : objectText(type)) ?? textOf(json)
    compiled.set(type, text)
  }
  return text
}

/** `undefined` where the process forbids code from strings. */
function objectText(type: Type): WriteText | undefined {
  const plan = planOf(type)
  const source = new TextSource(plan.oneofs)
  for (const placed of placedFields(type, plan)) {
    const { plan, oneof, field } = placed
    source.add({ plan, oneof, jsonName: namesOf(field)[0], write: valueText(placed) })
  }
  const { writers, keys, messages } = source
  return fromSource<WriteText>(source.text(), { writers, keys, messages, ...links })
}

/** What writes the values of a field that are no messages. */
function valueText({ field, plan }: PlacedField): WriteText | undefined {
  const { resolvedType } = field
  if (!plan.scalar) return undefined
  if (!resolvedType) return scalarText(plan.scalar)
  return resolvedType.fullName === '.google.protobuf.NullValue'
    ? textOf(nullJson)
    : enumText(resolvedType as Enum, enumJson(resolvedType as Enum, plan))
}

function enumText({ values }: Enum, json: ValueJson): WriteText {
  const other = textOf(json)
  const texts = new Map(Object.values(values).map((number) => [number, other(number, 0)]))
  return (value, depth) => texts.get(value as number) ?? other(value, depth)
}

function textOf(json: ValueJson): WriteText {
  return (value, depth) => textOfJson(json.write(value, depth))
}

/** What the code of every type calls. */
const links = {
  textOf: messageText,
  checkMessage(message: unknown, depth: number): void {
    if (!isObject(message)) refuse()
    checkDepth(depth)
  },
  checkMap(entries: unknown): void {
    if (!isObject(entries)) refuse()
  },
  keyText({ scalar, parse }: MapKey, key: string): string {
    // What is no key as it would be written may be there twice.
    return scalar.name === 'string' || String(parse(key)) === key ? quote(key, 0) : refuse()
  },
  refuse,
}

function refuse(): never {
  throw misfit('what fits', undefined)
}
