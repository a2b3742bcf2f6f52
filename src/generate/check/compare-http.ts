import type { MessageSchema } from '../../codec/schema/schema.js'
import type { HttpRule } from '../../endpoint/method.js'
import type { MethodSchema } from '../../service/proto-schema/proto-schema.js'
import { fieldsOf } from '../proto/option-type.js'
import { type Change, change, type Place } from './breaking-change.js'

/** URLs that do not reach a method any more, or mean something else there. */
export function httpChanges(before: MethodSchema, after: MethodSchema, place: Place): Change[] {
  return before.http.flatMap((rule) => {
    const text = ruleChange(rule, before, after)
    return text === undefined ? [] : [change('HTTP_RULE_CHANGED', place, { text, breaks: ['json'] })]
  })
}

function ruleChange(rule: HttpRule, before: MethodSchema, after: MethodSchema): string | undefined {
  const written = `${rule.method} ${rule.path}`
  const same = after.http.find(({ method, path }) => method === rule.method && shapeOf(path) === shapeOf(rule.path))
  if (!same) return `${written} does not reach it any more`
  const [was, is] = [before.request.schema, after.request.schema]
  const [old, now] = [variablesOf(rule.path, was), variablesOf(same.path, is)]
  if (old.join() !== now.join()) return `${written} fills other fields: it is ${same.path}`
  if (fieldNumber(rule.body, was) !== fieldNumber(same.body, is))
    return `the body of ${written} is ${bodyText(same.body)}, was ${bodyText(rule.body)}`
  const [sent, sends] = [before.response.schema, after.response.schema]
  if (fieldNumber(rule.responseBody, sent) !== fieldNumber(same.responseBody, sends))
    return `the response of ${written} is ${responseText(same.responseBody)}, was ${responseText(rule.responseBody)}`
  return undefined
}

/** A path template without the names of its variables. */
function shapeOf(path: string): string {
  return path.replace(/\{[\w.]+(?:=([^}]*))?\}/g, (_, pattern: string | undefined) => pattern ?? '*')
}

/** The fields that the variables of a path fill, by number. */
function variablesOf(path: string, message: MessageSchema): string[] {
  return [...path.matchAll(/\{([\w.]+)/g)].map(([, name = '']) => fieldNumber(name, message))
}

/** A field of a message by its path, in numbers; the text itself where it is no field. */
function fieldNumber(path: string | undefined, message: MessageSchema): string {
  if (path === undefined || path === '*') return path ?? ''
  let at: MessageSchema | undefined = message
  const numbers = path.split('.').map((name) => {
    const field = at && fieldsOf(at).find(({ protoName, jsonName }) => protoName === name || jsonName === name)
    at = typeof field?.type === 'object' && field.type.kind === 'message' ? field.type.schema : undefined
    return field ? String(field.no) : name
  })
  return numbers.join('.')
}

function bodyText(body: string | undefined): string {
  if (body === undefined) return 'not read'
  return body === '*' ? 'the whole request' : `the field ${body}`
}

function responseText(body: string | undefined): string {
  return body === undefined ? 'the whole response' : `the field ${body}`
}
