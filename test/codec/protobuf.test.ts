import { type JsonValue, Struct } from 'tierkit/codec'
import { Code, RpcError } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { codecOf, defaults, root, values } from './kinds.js'

const codec = codecOf('kinds.v1.Kinds')
const Kinds = root.lookupType('kinds.v1.Kinds')

function problem(run: () => unknown): RpcError {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(RpcError)
    return error as RpcError
  }
  throw new Error('nothing was thrown')
}

describe('the shape of messages', () => {
  it('has every field without presence after decoding, and none with presence', () => {
    const message = codec.decode(new Uint8Array())
    expect(message).toEqual(defaults)
    expect(Object.keys(message)).toEqual(Object.keys(defaults))
    expect(Object.getPrototypeOf(message)).toBe(Object.prototype)
    expect(Object.getPrototypeOf(message.mString)).toBe(null)
  })

  it('is made anew for each message', () => {
    const message = codec.decode(new Uint8Array()) as typeof defaults
    ;(message.rString as string[]).push('mine')
    ;(message.mString as Record<string, bigint>).mine = 1n
    expect(codec.decode(new Uint8Array())).toEqual(defaults)
  })

  it('does not share memory with the bytes that were read', () => {
    const bytes = codec.encode({ fBytes: new Uint8Array([1, 2]), fString: 'ab' })
    const message = codec.decode(bytes)
    bytes.fill(0)
    expect(message).toMatchObject({ fBytes: new Uint8Array([1, 2]), fString: 'ab' })
  })

  it('gives bytes as a plain Uint8Array', () => {
    const { fBytes } = codec.decode(Buffer.from(codec.encode({ fBytes: Buffer.from('x') })))
    expect(Object.getPrototypeOf(fBytes)).toBe(Uint8Array.prototype)
  })
})

describe('every kind of field', () => {
  it.each(values)('%s %o goes through the binary form', (field, value) => {
    const bytes = codec.encode({ [field]: value })
    expect(codec.decode(bytes)).toEqual({ ...defaults, [field]: value })
    expect(Buffer.from(bytes)).toEqual(Buffer.from(Kinds.encode(Kinds.decode(bytes)).finish()))
  })

  it.each(values)('%s %o goes through JSON', (field, value, json) => {
    expect(codec.toJson({ [field]: value })).toEqual({ [field]: json })
    expect(codec.fromJson({ [field]: json } as never)).toEqual({ ...defaults, [field]: value })
  })

  it('sends minus zero, which is not the default', () => {
    expect(codec.decode(codec.encode({ fDouble: -0, fFloat: -0 }))).toEqual({ ...defaults, fDouble: -0, fFloat: -0 })
  })

  it('leaves out what has its default', () => {
    expect(codec.encode(codec.decode(new Uint8Array()))).toHaveLength(0)
    expect(codec.encode({})).toHaveLength(0)
    expect(codec.encode({ fString: undefined, oString: undefined, contact: undefined })).toHaveLength(0)
    expect(codec.toJson(codec.decode(new Uint8Array()))).toEqual({})
  })
})

describe('a oneof', () => {
  const item = { sku: 'a', quantity: 1 }
  const cases = [
    { case: 'email', value: 'a@b' },
    { case: 'email', value: '' },
    { case: 'item', value: item },
    { case: 'phone', value: 0n },
  ]
  it.each(cases)('is one property with the case and its value: %o', (contact) => {
    expect(codec.decode(codec.encode({ contact }))).toEqual({ ...defaults, contact })
    expect(codec.fromJson(codec.toJson({ contact }))).toEqual({ ...defaults, contact })
  })

  it('is written under the name of its case in JSON', () => {
    expect(codec.toJson({ contact: { case: 'phone', value: 5n } })).toEqual({ phone: '5' })
  })

  it('takes the last case on the wire, and merges a message that comes twice', () => {
    const wire = (...messages: object[]) => Buffer.concat(messages.map((message) => codec.encode(message as never)))
    const email = { contact: { case: 'email', value: 'x' } }
    const first = { contact: { case: 'item', value: { sku: 'a' } } }
    const second = { contact: { case: 'item', value: { quantity: 1 } } }
    expect(codec.decode(wire(first, email))).toMatchObject(email)
    expect(codec.decode(wire(email, first, second))).toMatchObject({ contact: { case: 'item', value: item } })
  })

  it('fails in JSON when two cases are set', () => {
    const error = problem(() => codec.fromJson({ email: 'a', phone: 1 }))
    expect(error.code).toBe(Code.INVALID_ARGUMENT)
    expect(error.rawMessage).toContain('another field of the oneof contact is set')
  })
})

describe('reading the binary form', () => {
  it('skips fields that the type lacks', () => {
    const later = codecOf(
      'm',
      'syntax = "proto3"; message m { string a = 14; bytes b = 99; m c = 100; fixed64 d = 101; }',
    )
    const bytes = later.encode({ a: 'x', b: new Uint8Array([1]), c: { a: 'y' }, d: 5n })
    expect(codec.decode(bytes)).toEqual({ ...defaults, fString: 'x' })
  })

  it('takes lists of numbers packed and not packed', () => {
    const packed = codecOf('m', 'syntax = "proto3"; message m { repeated sint32 a = 22; }')
    const loose = codecOf('m', 'syntax = "proto3"; message m { repeated int64 a = 18 [packed = false]; }')
    expect(codec.decode(packed.encode({ a: [-1, 2] }))).toMatchObject({ rLoose: [-1, 2] })
    expect(codec.decode(loose.encode({ a: [-1n, 2n] }))).toMatchObject({ rInt64: [-1n, 2n] })
  })

  it('merges a message field that comes twice', () => {
    const bytes = [{ fItem: { sku: 'a', quantity: 1 } }, { fItem: { quantity: 2, inner: { sku: 'i' } } }]
    expect(codec.decode(Buffer.concat(bytes.map((part) => codec.encode(part))))).toMatchObject({
      fItem: { sku: 'a', quantity: 2, inner: { sku: 'i', quantity: 0 } },
    })
  })

  it('keeps the last entry of a map key, also of __proto__', () => {
    const entry = (value: bigint) => codec.encode({ mString: Object.fromEntries([['__proto__', value]]) })
    const { mString } = codec.decode(Buffer.concat([entry(1n), entry(2n)]))
    expect(Object.entries(mString as object)).toEqual([['__proto__', 2n]])
    expect(({} as Record<string, unknown>)['0']).toBeUndefined()
  })

  it.each([
    ['a truncated varint', [0x18, 0x80]],
    ['a length beyond the end', [0x72, 0x05, 0x41]],
    ['a nested length beyond its parent', [0x8a, 0x01, 0x02, 0x0a, 0x05, 0x41, 0x41, 0x41, 0x41, 0x41]],
    ['field number 0', [0x02, 0x00]],
    ['an unknown wire type', [0x77]],
    ['the end of a group that did not begin', [0x74]],
    ['text that is not UTF-8', [0x72, 0x02, 0xc3, 0x28]],
    ['a varint without end', [0x18, ...Array(11).fill(0xff)]],
  ])('fails on %s with INTERNAL, naming the type', (_, bytes) => {
    const error = problem(() => codec.decode(new Uint8Array(bytes)))
    expect(error.code).toBe(Code.INTERNAL)
    expect(error.rawMessage).toMatch(/^cannot decode kinds\.v1\.Kinds: ./)
  })

  it('reads a hundred levels of messages and fails on more', () => {
    const nest = (levels: number): Uint8Array => {
      let bytes = Buffer.alloc(0)
      for (let i = 0; i < levels; i++) {
        const writer = root.lookupType('kinds.v1.Item').encode({ sku: 'x' })
        bytes = Buffer.from(writer.uint32(26).bytes(bytes).finish())
      }
      return bytes
    }
    const item = codecOf('kinds.v1.Item')
    expect(item.decode(nest(100))).toMatchObject({ sku: 'x' })
    expect(problem(() => item.decode(nest(101))).rawMessage).toContain('nested deeper than 100')
    expect(problem(() => item.decode(nest(1_000))).code).toBe(Code.INTERNAL)
  })

  it('takes and refuses the same bytes as the protobuf library, whatever they are', () => {
    const random = numbers(1)
    for (let round = 0; round < 4_000; round++) {
      const bytes = damaged(codec.encode(someFields(random)), random)
      const expected = attempt(() => codec.decode(Kinds.encode(Kinds.decode(bytes)).finish()))
      expect(attempt(() => codec.decode(bytes))).toEqual(expected)
    }
  })
})

/** A result, or that there is none. */
function attempt(run: () => unknown): unknown {
  try {
    return run()
  } catch {
    return 'refused'
  }
}

/** Pseudo-random integers below a bound, the same for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff
    return (state >>> 8) % below
  }
}

function someFields(random: (below: number) => number): Record<string, unknown> {
  const chosen = Array.from({ length: 1 + random(6) }, () => values[random(values.length)] ?? ['fBool', true])
  return Object.fromEntries(chosen.map(([field, value]) => [field, value]))
}

/** Bytes with up to three of them changed, left out or put in. */
function damaged(whole: Uint8Array, random: (below: number) => number): Buffer {
  let bytes = Buffer.from(whole)
  for (let times = random(4); times > 0; times--) {
    const at = random(bytes.length + 1)
    const inserted = random(2) === 0 ? [] : [random(256)]
    bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(inserted), bytes.subarray(at + random(2))])
    if (random(8) === 0) bytes = bytes.subarray(0, at)
  }
  return bytes
}

describe('writing', () => {
  it.each([
    [{ fInt32: 2147483648 }, 'fInt32', 'expected int32, got number 2147483648'],
    [{ fInt32: 1.5 }, 'fInt32', 'expected int32, got number 1.5'],
    [{ fUint32: -1 }, 'fUint32', 'expected uint32, got number -1'],
    [{ fInt64: 5 }, 'fInt64', 'expected int64, got number 5'],
    [{ fInt64: 9223372036854775808n }, 'fInt64', 'expected int64, got bigint 9223372036854775808'],
    [{ fUint64: -1n }, 'fUint64', 'expected uint64, got bigint -1'],
    [{ fFloat: 1e39 }, 'fFloat', 'expected float, got number 1e+39'],
    [{ fBool: 1 }, 'fBool', 'expected bool, got number 1'],
    [{ fString: 5 }, 'fString', 'expected string, got number 5'],
    [{ fString: 'a\ud800b' }, 'fString', 'expected string, got a string with half of a surrogate pair'],
    [{ fBytes: 'x' }, 'fBytes', 'expected bytes, got a string'],
    [{ fColor: 'RED' }, 'fColor', 'expected int32, got a string'],
    [{ fItem: 'x' }, 'fItem', 'expected kinds.v1.Item, got a string'],
    [{ fItem: [] }, 'fItem', 'expected kinds.v1.Item, got an array'],
    [{ rItem: {} }, 'rItem', 'expected an array, got object'],
    [{ rItem: [{}, { inner: { quantity: -1 } }] }, 'rItem[1].inner.quantity', 'expected uint32, got number -1'],
    [{ rString: ['a', null] }, 'rString[1]', 'expected string, got null'],
    [{ rInt64: [1n, 2] }, 'rInt64[1]', 'expected int64, got number 2'],
    [{ mString: [] }, 'mString', 'expected an object, got an array'],
    [{ mString: { a: 1n, 'b c': 2 } }, 'mString["b c"]', 'expected int64, got number 2'],
    [{ mInt64: { x: 'a' } }, 'mInt64.x', 'expected a key of type int64'],
    [{ mUint32: { '-1': new Uint8Array() } }, 'mUint32["-1"]', 'expected a key of type uint32'],
    [{ mBool: { yes: {} } }, 'mBool.yes', 'expected a key of type bool'],
    [{ mBool: { true: { sku: 1 } } }, 'mBool.true.sku', 'expected string, got number 1'],
    [{ contact: { case: 'fax', value: 1 } }, 'contact', 'expected { case, value } with case email or item or phone'],
    [{ contact: 'a@b' }, 'contact', 'expected { case, value }'],
    [{ contact: { case: 'item', value: { sku: 1 } } }, 'contact.item.sku', 'expected string, got number 1'],
  ])('fails on %o with INTERNAL, naming %s', (message, path, expected) => {
    const error = problem(() => codec.encode(message as never))
    expect(error.code).toBe(Code.INTERNAL)
    expect(error.rawMessage).toContain(`cannot encode kinds.v1.Kinds at ${path}: ${expected}`)
    expect(problem(() => codec.toJson(message as never)).rawMessage).toBe(
      error.rawMessage.replace('encode kinds.v1.Kinds', 'write kinds.v1.Kinds as JSON'),
    )
  })

  it.each([[null], [undefined], ['text'], [[]]])('fails on %o in place of a message', (message) => {
    expect(problem(() => codec.encode(message as never)).rawMessage).toContain('expected kinds.v1.Kinds, got')
  })

  it('fails on a message that contains itself instead of overflowing the stack', () => {
    const loop: Record<string, unknown> = { sku: 'x' }
    loop.inner = loop
    expect(problem(() => codec.encode({ fItem: loop })).rawMessage).toContain('nested deeper than 100')
  })

  it('fails without the words of a getter that throws', () => {
    const message = {
      get fString(): string {
        throw new Error('secret')
      },
    }
    expect(problem(() => codec.encode(message)).rawMessage).not.toContain('secret')
  })

  it('takes what is inherited for absent', () => {
    expect(codec.encode(Object.create({ fString: 'x' }))).not.toHaveLength(0)
    expect(codec.encode({})).toHaveLength(0)
  })
})

describe('JSON', () => {
  it('is read with names as in JSON and as in the contract', () => {
    expect(codec.fromJson({ f_string: 'a', fInt32: 1 })).toMatchObject({ fString: 'a', fInt32: 1 })
  })

  it('takes 64-bit integers as text, as numbers and with an exponent', () => {
    expect(codec.fromJson({ rInt64: ['1', 2, '3e2', 1e3] })).toMatchObject({ rInt64: [1n, 2n, 300n, 1000n] })
  })

  it('takes null for a field that is not set', () => {
    expect(
      codec.fromJson({ fString: null, oString: null, fItem: null, contact: null } as never, {
        ignoreUnknownFields: true,
      }),
    ).toEqual(defaults)
  })

  it.each([
    [{ fString: 5 }, 'fString', 'expected string'],
    [{ nope: 1 }, 'nope', 'unknown field'],
    [{ rItem: [{}, { inner: { nope: 1 } }] }, 'rItem[1].inner.nope', 'unknown field'],
    [{ rItem: [{ quantity: -1 }] }, 'rItem[0].quantity', 'out of range'],
    [{ rString: ['a', null] }, 'rString[1]', 'null is no element'],
    [{ fInt64: '9223372036854775808' }, 'fInt64', 'out of range'],
    [{ fInt32: 1.5 }, 'fInt32', 'not an integer'],
    [{ fColor: 'PINK' }, 'fColor', 'unknown enum value'],
    [{ fBytes: '!' }, 'fBytes', ''],
    [{ fString: '\ud800' }, 'fString', 'surrogate'],
    [{ mString: { 'a b': 'x' } }, 'mString["a b"]', 'not a number'],
    [{ mInt64: { x: 'a' } }, 'mInt64.x', 'expected a key of type int64'],
    [{ fItem: 'x' }, 'fItem', 'expected an object, got a string'],
    [{ fString: { deep: [{ object: 1 }] } }, 'fString', 'expected string'],
  ])('that does not fit, %o, fails with INVALID_ARGUMENT, naming %s', (json, path, text) => {
    const error = problem(() => codec.fromJson(json as never))
    expect(error.code).toBe(Code.INVALID_ARGUMENT)
    expect(error.rawMessage).toContain(`cannot read kinds.v1.Kinds from JSON at ${path}: `)
    expect(error.rawMessage).toContain(text)
  })

  it.each(['__proto__', 'constructor.prototype', 'toString', 'hasOwnProperty'])(
    'with the key %s is an unknown field',
    (key) => {
      const json = JSON.parse(`{ ${JSON.stringify(key)}: { "polluted": true } }`)
      expect(problem(() => codecOf('kinds.v1.Item').fromJson(json)).rawMessage).toContain('unknown field')
      expect(codecOf('kinds.v1.Item').fromJson(json, { ignoreUnknownFields: true })).toEqual({ sku: '', quantity: 0 })
      expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    },
  )

  it('with __proto__ as the key of a map is an entry like any other', () => {
    const json = JSON.parse('{ "mString": { "__proto__": "1" }, "mBool": {} }')
    const message = codec.fromJson(json)
    expect(Object.entries(message.mString as object)).toEqual([['__proto__', 1n]])
    expect(JSON.stringify(codec.toJson(message))).toBe('{"mString":{"__proto__":"1"}}')
  })

  it('leaves out unknown fields and enum names when asked to', () => {
    const json = { nope: { a: [1] }, fColor: 'PINK', rColor: ['PINK', 'RED'], fString: 'a' }
    expect(codec.fromJson(json, { ignoreUnknownFields: true })).toEqual({ ...defaults, fString: 'a', rColor: [1] })
  })

  it('fails beyond a hundred levels, with a message of bounded length', () => {
    let json = {}
    for (let i = 0; i < 5000; i++) json = { inner: json }
    const error = problem(() => codecOf('kinds.v1.Item').fromJson(json))
    expect(error.code).toBe(Code.INVALID_ARGUMENT)
    expect(error.rawMessage).toContain('nested deeper than 100')
    expect(error.rawMessage.length).toBeLessThan(600)
  })

  it('nests as deep as the binary form, and no deeper', () => {
    const nest = (levels: number): JsonValue => (levels === 0 ? {} : { a: nest(levels - 1) })
    expect(Struct.toJson(Struct.decode(Struct.encode(Struct.fromJson(nest(50)))))).toEqual(nest(50))
    const error = problem(() => Struct.fromJson(nest(51)))
    expect(error.code).toBe(Code.INVALID_ARGUMENT)
    expect(error.rawMessage).toMatch(
      /^cannot read google\.protobuf\.Struct from JSON at a\.a\..*: nested deeper than 100/,
    )
  })

  it('that is long and wrong at its end fails with the place', () => {
    const json = { rItem: [...Array.from({ length: 20_000 }, () => ({ sku: 'a' })), { sku: 1 }] }
    expect(problem(() => codec.fromJson(json)).rawMessage).toBe(
      'cannot read kinds.v1.Kinds from JSON at rItem[20000].sku: expected string, got number 1',
    )
  })

  it('with keys without end fails with the beginning of them', () => {
    const error = problem(() => codec.fromJson({ mString: { ['k'.repeat(1e6)]: 'x' }, ['n'.repeat(1e6)]: 1 }))
    expect(error.rawMessage).toContain('mString["kkk')
    expect(error.rawMessage.length).toBeLessThan(200)
  })
})

describe('proto2 files', () => {
  const source = `syntax = "proto2";
    enum E { A = 1; B = 2; }
    message M { required string id = 1; optional E e = 2; repeated E es = 3; optional group G = 4 { optional int32 n = 1; } map<string, E> m = 5; }`
  const codec = codecOf('M', source)
  const wider = codecOf('M', source.replace('B = 2;', 'B = 2; C = 3;'))

  it('have presence, required fields and groups', () => {
    const message = { id: 'x', e: 2, es: [1, 2], g: { n: 5 }, m: { a: 1 } }
    expect(codec.decode(codec.encode(message))).toEqual(message)
    expect(problem(() => codec.encode({})).rawMessage).toContain('at id: a required field is missing')
    expect(problem(() => codec.decode(new Uint8Array())).rawMessage).toContain('the required field M.id is missing')
    expect(problem(() => codec.decode(new Uint8Array([0x23, 0x08, 0x05]))).code).toBe(Code.INTERNAL)
  })

  it('drop numbers that a closed enum lacks', () => {
    const bytes = wider.encode({ id: 'x', e: 3, es: [1, 3, 2], m: { a: 3, b: 1 } })
    expect(codec.decode(bytes)).toEqual({ id: 'x', es: [1, 2], m: { b: 1 } })
  })

  it('replace bytes that are not UTF-8', () => {
    expect(codec.decode(new Uint8Array([0x0a, 0x02, 0xc3, 0x28]))).toMatchObject({ id: '\ufffd(' })
  })
})
