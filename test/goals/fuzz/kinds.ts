import type { JsonValue, MessageCodec } from 'tierkit/codec'
import { Code, RpcError } from 'tierkit/error'
import { defineMessage, defineService, field, oneof, unary } from 'tierkit/service'
import { parseQuery } from '../../../src/transport/http/route/query.js'
import { Router } from '../../../src/transport/http/route/router.js'
import type { Random } from '../../http2/peer/random.js'

const Leaf = defineMessage('fuzz.Leaf', { text: field(1, 'string'), bytes: field(2, 'bytes') })
const Tree = defineMessage('fuzz.Tree', {
  id: field(1, 'int64'),
  count: field(2, 'sint32'),
  names: field(3, 'string', { repeated: true }),
  leaf: field(4, Leaf),
  leaves: field(5, Leaf, { repeated: true }),
  numbers: field(6, 'double', { repeated: true }),
  byName: field(7, { map: ['string', Leaf] }),
  at: field(8, 'google.protobuf.Timestamp'),
  any: field(9, 'google.protobuf.Struct'),
  choice: oneof({ yes: field(10, 'bool'), no: field(11, 'fixed32') }),
})
const { request } = defineService({ name: 'fuzz.Fuzz', methods: { x: unary(Tree, Tree) } }).methods.x
const codec = request as MessageCodec

const pick = <T>(random: Random, all: readonly T[]): T => all[random(all.length)] as T
const repeat = <T>(random: Random, most: number, make: () => T): T[] => Array.from({ length: random(most) }, make)

const oddNames = [
  'id',
  'names',
  'leaf',
  'byName',
  'any',
  'yes',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '',
]
const oddTexts = ['', 'x', '\ud800', '\0', '2020-01-01T00:00:00Z', 'NaN', '1e999', '-0', '__proto__', '9'.repeat(30)]
const oddNumbers = [0, -0, 1, -1, 2 ** 31, 2 ** 53, 1.5, 1e308]

function json(random: Random, depth = 0): JsonValue {
  const kind = random(depth > 4 ? 4 : 7)
  if (kind === 0) return pick(random, [null, true, false])
  if (kind === 1) return pick(random, oddNumbers)
  if (kind < 4) return pick(random, oddTexts)
  if (kind === 4) return repeat(random, 4, () => json(random, depth + 1))
  // As JSON.parse makes them: `__proto__` is a name like others.
  const members = repeat(random, 6, () => [pick(random, oddNames), json(random, depth + 1)] as const)
  return JSON.parse(`{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`)
}

const whole = codec.encode(
  codec.fromJson({
    id: '-5',
    count: 7,
    names: ['a', 'b'],
    leaf: { text: 'x', bytes: 'AQID' },
    leaves: [{ text: 'y' }, {}],
    numbers: [1.5, 2],
    byName: { k: { text: 'v' } },
    at: '2020-01-01T00:00:00Z',
    any: { a: [1, { b: null }] },
    yes: true,
  }),
)

/** A message of good faith with some bytes changed, lost or doubled; or nothing but chance. */
function bytes(random: Random): Uint8Array {
  if (random(4) === 0) return Uint8Array.from(repeat(random, 200, () => random(256)))
  const changed = [...whole]
  for (let count = random(6); count >= 0; count -= 1) {
    const at = random(changed.length)
    const how = random(4)
    if (how === 0) changed.splice(at, random(5))
    else if (how === 1) changed.splice(at, 0, ...changed.slice(random(at + 1), at))
    else changed[at] = random(256)
  }
  return Uint8Array.from(changed)
}

const pieces = [
  '/',
  '{',
  '}',
  '=',
  '*',
  '**',
  ':',
  '.',
  'v1',
  'id',
  'a.b',
  '%2F',
  '%',
  '%zz',
  '?',
  '&',
  '\u20ac',
  '__proto__',
]
const path = (random: Random): string => `/${repeat(random, 12, () => pick(random, pieces)).join('')}`

const router = new Router<string>()
for (const template of ['/v1/{id}', '/v1/{a.b=v1/**}:x', '/{id=*}/id/**', '/v1/id'])
  router.add('GET', template, template)

/** Does something with an input of a kind; what it throws must be an error of tierkit's. */
export const kinds: Readonly<Record<string, (random: Random) => void>> = {
  protobuf: (random) => {
    const message = codec.decode(bytes(random))
    codec.decode(codec.encode(message))
    if (codec.toJsonText?.(message) !== JSON.stringify(codec.toJson(message))) throw new Error('JSON text differs')
  },
  json: (random) => {
    const message = codec.fromJson(json(random), { ignoreUnknownFields: random(2) === 0 })
    codec.fromJson(codec.toJson(message))
    codec.encode(message)
  },
  paths: (random) => {
    for (const { value } of router.find('GET', path(random))?.values ?? []) String(value)
  },
  queries: (random) => {
    parseQuery(path(random).slice(1), 100)
  },
  templates: (random) => {
    try {
      new Router<number>().add('GET', path(random), 1)
    } catch (thrown) {
      // Whoever wrote the template is told; it is no input of a call.
      if (!(thrown instanceof Error) || thrown instanceof TypeError || thrown instanceof RangeError) throw thrown
      throw new RpcError(Code.INVALID_ARGUMENT, thrown.message)
    }
  },
}
