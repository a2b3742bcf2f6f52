import { checkBreaking, readContract } from 'tierkit/generate'
import { defineMessage, field } from 'tierkit/service'
import { describe, expect, it } from 'vitest'
import { folderWith } from '../fixtures.js'

/** Reads the declarations of a file as a contract. */
const contract = (body: string, head = 'syntax = "proto3";\npackage t;') =>
  readContract([folderWith({ 't.proto': `${head}\nimport "google/api/annotations.proto";\n${body}\n` })])

const found = (before: string, after: string, head?: string) =>
  checkBreaking(contract(before, head), contract(after, head)).map(
    ({ rule, categories, fullName }) => `${rule} ${categories.join('+')} ${fullName.replace(/^t\./, '')}`,
  )

const inM = (fields: string, rest = '') =>
  `message M { ${fields} } message N { int32 a = 1; } enum E { Z = 0; A = 1; } ${rest}`
const rpc = (text: string, options = '') =>
  `message A { string id = 1; string other = 2; } message B { A a = 1; } service S { rpc Get${text} { ${options} } }`
const http = (rule: string) => rpc('(A) returns (B)', `option (google.api.http) = { ${rule} };`)

/** What was, what is, and what that breaks. */
const changes: readonly (readonly [title: string, before: string, after: string, ...broken: string[]])[] = [
  ['nothing', inM('int32 a = 1;'), inM('int32 a = 1;')],
  ['a comment and a deprecation', inM('int32 a = 1;'), inM('/* x */ int32 a = 1 [deprecated = true];')],
  ['a field is added', inM('int32 a = 1;'), inM('int32 a = 1; string b = 2;')],
  ['fields change places', inM('int32 a = 1; int32 b = 2;'), inM('int32 b = 2; int32 a = 1;')],
  ['a message, an enum and a service are added', '', inM('', 'service S {}')],
  ['numbers and names are reserved', inM(''), inM('reserved 1, 5 to 9; reserved "x";')],
  ['ranges that are reserved grow together', inM('reserved 1, 2 to 4;'), inM('reserved 1 to 9;')],
  ['packing', inM('repeated int32 a = 1;'), inM('repeated int32 a = 1 [packed = false];')],

  ['int32 to uint32', inM('int32 a = 1;'), inM('uint32 a = 1;'), 'FIELD_TYPE_CHANGED source M.a'],
  ['int32 to int64', inM('int32 a = 1;'), inM('int64 a = 1;'), 'FIELD_TYPE_CHANGED json+source M.a'],
  ['bool to int32', inM('bool a = 1;'), inM('int32 a = 1;'), 'FIELD_TYPE_CHANGED json+source M.a'],
  ['sint32 to sint64', inM('sint32 a = 1;'), inM('sint64 a = 1;'), 'FIELD_TYPE_CHANGED json+source M.a'],
  ['int32 to sint32', inM('int32 a = 1;'), inM('sint32 a = 1;'), 'FIELD_TYPE_CHANGED wire+source M.a'],
  ['fixed32 to sfixed32', inM('fixed32 a = 1;'), inM('sfixed32 a = 1;'), 'FIELD_TYPE_CHANGED source M.a'],
  ['fixed32 to int32', inM('fixed32 a = 1;'), inM('int32 a = 1;'), 'FIELD_TYPE_CHANGED wire+source M.a'],
  ['fixed64 to double', inM('fixed64 a = 1;'), inM('double a = 1;'), 'FIELD_TYPE_CHANGED wire+json+source M.a'],
  ['float to double', inM('float a = 1;'), inM('double a = 1;'), 'FIELD_TYPE_CHANGED wire+source M.a'],
  ['string to bytes', inM('string a = 1;'), inM('bytes a = 1;'), 'FIELD_TYPE_CHANGED json+source M.a'],
  ['string to int32', inM('string a = 1;'), inM('int32 a = 1;'), 'FIELD_TYPE_CHANGED wire+json+source M.a'],
  ['an enum to int32', inM('E a = 1;'), inM('int32 a = 1;'), 'FIELD_TYPE_CHANGED json+source M.a'],
  ['an enum to string', inM('E a = 1;'), inM('string a = 1;'), 'FIELD_TYPE_CHANGED wire+json+source M.a'],
  ['a message to string', inM('N a = 1;'), inM('string a = 1;'), 'FIELD_TYPE_CHANGED wire+json+source M.a'],
  [
    'a message to one that looks alike',
    inM('N a = 1;'),
    inM('O a = 1;', 'message O { int32 a = 1; M m = 2; }'),
    'FIELD_TYPE_CHANGED source M.a',
  ],
  [
    'a message to one that does not',
    inM('N a = 1;'),
    inM('O a = 1;', 'message O { string a = 1; }'),
    'FIELD_TYPE_CHANGED wire+json+source M.a',
  ],
  [
    'an enum to one with more values',
    inM('E a = 1;'),
    inM('X.F a = 1;', 'message X { enum F { Z = 0; A = 1; B = 2; } }'),
    'FIELD_TYPE_CHANGED source M.a',
  ],
  [
    'the values of a map',
    inM('map<string, int32> a = 1;'),
    inM('map<string, string> a = 1;'),
    'FIELD_TYPE_CHANGED wire+json+source M.a',
  ],
  [
    'the keys of a map',
    inM('map<string, int32> a = 1;'),
    inM('map<int32, int32> a = 1;'),
    'FIELD_TYPE_CHANGED wire+json+source M.a',
  ],

  ['a value to a list', inM('N a = 1;'), inM('repeated N a = 1;'), 'FIELD_CARDINALITY_CHANGED wire+json+source M.a'],
  [
    'a list to a value',
    inM('repeated int32 a = 1;'),
    inM('int32 a = 1;'),
    'FIELD_CARDINALITY_CHANGED wire+json+source M.a',
  ],
  [
    'a list to a map',
    inM('repeated N a = 1;'),
    inM('map<string, N> a = 1;'),
    'FIELD_CARDINALITY_CHANGED wire+json+source M.a',
  ],
  ['a field becomes optional', inM('int32 a = 1;'), inM('optional int32 a = 1;'), 'FIELD_PRESENCE_CHANGED source M.a'],
  [
    'a field is optional no more',
    inM('optional int32 a = 1;'),
    inM('int32 a = 1;'),
    'FIELD_PRESENCE_CHANGED source M.a',
  ],

  ['a field goes', inM('int32 a = 1;'), inM(''), 'FIELD_REMOVED wire+json+source M.a'],
  ['a field goes, its number is reserved', inM('int32 a = 1;'), inM('reserved 1;'), 'FIELD_REMOVED json+source M.a'],
  ['a field goes, its name is reserved', inM('int32 a = 1;'), inM('reserved "a";'), 'FIELD_REMOVED wire+source M.a'],
  [
    'a field goes, both are reserved',
    inM('int32 a = 1;'),
    inM('reserved 1; reserved "a";'),
    'FIELD_REMOVED source M.a',
  ],
  ['a field gets another number', inM('int32 a = 1;'), inM('int32 a = 2;'), 'FIELD_NUMBER_CHANGED wire M.a'],
  [
    'a field gets another number and another type',
    inM('int32 a = 1; string b = 2;'),
    inM('repeated string a = 3; bytes b = 4;'),
    'FIELD_NUMBER_CHANGED wire M.a',
    'FIELD_CARDINALITY_CHANGED json+source M.a',
    'FIELD_NUMBER_CHANGED wire M.b',
    'FIELD_TYPE_CHANGED json+source M.b',
  ],
  [
    'two fields swap numbers',
    inM('int32 a = 1; int32 b = 2;'),
    inM('int32 a = 2; int32 b = 1;'),
    'FIELD_NUMBER_CHANGED wire M.a',
    'FIELD_NUMBER_CHANGED wire M.b',
  ],
  [
    'a number is used again',
    inM('int32 a = 1;'),
    inM('int32 a = 2; string b = 1;'),
    'FIELD_NUMBER_CHANGED wire M.a',
    'FIELD_NUMBER_REUSED wire M.b',
  ],
  ['a field is renamed', inM('int32 a = 1;'), inM('int32 b = 1;'), 'FIELD_RENAMED json+source M.b'],
  [
    'a field is renamed, but not in JSON',
    inM('int32 a = 1;'),
    inM('int32 b = 1 [json_name = "a"];'),
    'FIELD_RENAMED source M.b',
  ],
  [
    'a field makes room for another',
    inM('int32 a = 1;'),
    inM('string b = 1;'),
    'FIELD_RENAMED json+source M.b',
    'FIELD_TYPE_CHANGED wire+json+source M.b',
  ],
  [
    'a field is renamed in JSON',
    inM('int32 a = 1;'),
    inM('int32 a = 1 [json_name = "x"];'),
    'FIELD_JSON_NAME_CHANGED json M.a',
  ],
  ['a number is reserved no more', inM('reserved 1, 3 to 5;'), inM('reserved 1, 3 to 4;'), 'RESERVED_REMOVED wire M'],
  ['a name is reserved no more', inM('reserved "a", "b";'), inM('reserved "b";'), 'RESERVED_REMOVED json M'],

  [
    'a field goes into a oneof of its own',
    inM('int32 a = 1;'),
    inM('oneof o { int32 a = 1; int32 b = 2; }'),
    'FIELD_ONEOF_CHANGED source M.a',
  ],
  [
    'two fields go into a oneof',
    inM('int32 a = 1; int32 b = 2;'),
    inM('oneof o { int32 a = 1; int32 b = 2; }'),
    'FIELD_ONEOF_CHANGED wire+json+source M.a',
    'FIELD_ONEOF_CHANGED wire+json+source M.b',
  ],
  [
    'a field leaves a oneof',
    inM('oneof o { int32 a = 1; int32 b = 2; }'),
    inM('int32 a = 1; oneof o { int32 b = 2; }'),
    'FIELD_ONEOF_CHANGED wire+json+source M.a',
  ],
  [
    'a oneof is renamed',
    inM('oneof o { int32 a = 1; int32 b = 2; }'),
    inM('oneof p { int32 a = 1; int32 b = 2; }'),
    'FIELD_ONEOF_CHANGED source M.a',
    'FIELD_ONEOF_CHANGED source M.b',
  ],
  ['a case is added to a oneof', inM('oneof o { int32 a = 1; }'), inM('oneof o { int32 a = 1; int32 b = 2; }')],

  [
    'a message goes',
    'message A { message B {} } message C {}',
    'message C { message D {} }',
    'MESSAGE_REMOVED wire+json+source A',
    'MESSAGE_REMOVED wire+json+source A.B',
  ],
  ['an enum goes', 'message A {} enum E { Z = 0; }', 'message A {}', 'ENUM_REMOVED source E'],
  ['a value is added', 'enum E { Z = 0; }', 'enum E { Z = 0; A = 1; }'],
  ['a value goes', 'enum E { Z = 0; A = 1; }', 'enum E { Z = 0; }', 'ENUM_VALUE_REMOVED wire+json+source E.A'],
  [
    'a value goes and is reserved',
    'enum E { Z = 0; A = 1; }',
    'enum E { reserved 1; reserved "A"; Z = 0; }',
    'ENUM_VALUE_REMOVED source E.A',
  ],
  [
    'a value gets another number',
    'enum E { Z = 0; A = 1; }',
    'enum E { Z = 0; A = 2; }',
    'ENUM_VALUE_NUMBER_CHANGED wire+source E.A',
  ],
  ['a value is renamed', 'enum E { Z = 0; A = 1; }', 'enum E { Z = 0; B = 1; }', 'ENUM_VALUE_RENAMED json+source E.B'],
  ['an alias is added', 'enum E { Z = 0; A = 1; }', 'enum E { option allow_alias = true; Z = 0; A = 1; B = 1; }'],
  [
    'an alias is added in front',
    'enum E { Z = 0; A = 1; }',
    'enum E { option allow_alias = true; Z = 0; B = 1; A = 1; }',
    'ENUM_VALUE_RENAMED json E.B',
  ],
  [
    'an alias goes',
    'enum E { option allow_alias = true; Z = 0; A = 1; B = 1; }',
    'enum E { Z = 0; A = 1; }',
    'ENUM_VALUE_RENAMED json+source E.A',
  ],
  [
    'a number of an enum is reserved no more',
    'enum E { reserved 4; Z = 0; }',
    'enum E { Z = 0; }',
    'RESERVED_REMOVED wire E',
  ],

  ['a method is added', rpc('(A) returns (B)'), rpc('(A) returns (B) {} rpc More(A) returns (A)')],
  [
    'a method goes',
    rpc('(A) returns (B) {} rpc More(A) returns (A)'),
    rpc('(A) returns (B)'),
    'METHOD_REMOVED wire+json+source S.More',
  ],
  [
    'a service goes',
    rpc('(A) returns (B)'),
    rpc('(A) returns (B)').replace('service S', 'service T'),
    'SERVICE_REMOVED wire+json+source S',
  ],
  [
    'a request is another',
    rpc('(A) returns (B)'),
    rpc('(B) returns (B)'),
    'METHOD_REQUEST_CHANGED wire+json+source S.Get',
  ],
  [
    'a response is another',
    rpc('(A) returns (B)'),
    rpc('(A) returns (A)'),
    'METHOD_RESPONSE_CHANGED wire+json+source S.Get',
  ],
  [
    'a method streams',
    rpc('(A) returns (B)'),
    rpc('(A) returns (stream B)'),
    'METHOD_KIND_CHANGED wire+json+source S.Get',
  ],
  [
    'a method may not be repeated any more',
    rpc('(A) returns (B)', 'option idempotency_level = NO_SIDE_EFFECTS;'),
    rpc('(A) returns (B)'),
    'METHOD_IDEMPOTENCY_LOST wire+json S.Get',
  ],
  [
    'a method may be repeated now',
    rpc('(A) returns (B)'),
    rpc('(A) returns (B)', 'option idempotency_level = IDEMPOTENT;'),
  ],
  ['an HTTP rule is added', rpc('(A) returns (B)'), http('get: "/v1/{id}"')],
  ['an HTTP rule goes', http('get: "/v1/{id}"'), rpc('(A) returns (B)'), 'HTTP_RULE_CHANGED json S.Get'],
  ['a path changes', http('get: "/v1/{id}"'), http('get: "/v2/{id}"'), 'HTTP_RULE_CHANGED json S.Get'],
  [
    'a path moves to the other bindings',
    http('get: "/v1/{id}"'),
    http('get: "/v2/{id}" additional_bindings { get: "/v1/{id=*}" }'),
  ],
  [
    'an HTTP method changes',
    http('post: "/v1" body: "*"'),
    http('put: "/v1" body: "*"'),
    'HTTP_RULE_CHANGED json S.Get',
  ],
  ['a path fills another field', http('get: "/v1/{id}"'), http('get: "/v1/{other}"'), 'HTTP_RULE_CHANGED json S.Get'],
  ['a body changes', http('post: "/v1" body: "*"'), http('post: "/v1" body: "id"'), 'HTTP_RULE_CHANGED json S.Get'],
  [
    'a body of the response changes',
    http('get: "/v1"'),
    http('get: "/v1" response_body: "a"'),
    'HTTP_RULE_CHANGED json S.Get',
  ],
]

describe('checkBreaking', () => {
  it.each(changes)('%s', (_, before, after, ...broken) => {
    expect(found(before, after).sort()).toEqual([...broken].sort())
  })

  it.each([
    ['a required field is added', '', 'required int32 b = 2;', 'FIELD_REQUIRED_CHANGED wire+json+source M.b'],
    [
      'a field is required now',
      'optional int32 b = 2;',
      'required int32 b = 2;',
      'FIELD_REQUIRED_CHANGED wire+json+source M.b',
    ],
    [
      'a field is required no more',
      'required int32 b = 2;',
      'optional int32 b = 2;',
      'FIELD_REQUIRED_CHANGED wire+json+source M.b',
    ],
    [
      'a required field goes',
      'required int32 b = 2;',
      'reserved 2; reserved "b";',
      'FIELD_REMOVED wire+json+source M.b',
    ],
    [
      'a default changes',
      'optional int32 b = 2 [default = 1];',
      'optional int32 b = 2;',
      'FIELD_DEFAULT_CHANGED wire+json M.b',
    ],
    ['an optional field stays', 'optional int32 b = 2;', 'optional int32 b = 2;'],
  ])('in proto2: %s', (_, before, after, ...broken) => {
    const head = 'syntax = "proto2";\npackage t;'
    expect(found(`message M { ${before} }`, `message M { ${after} }`, head)).toEqual(broken)
  })
})

const order = `syntax = "proto3";
package shop.v1;

// An order.
message Order {
  string id = 1;
  /* string total = 9; */
  map<string, int32>
    stock = 2;
  oneof contact { string email = 3; string phone = 4; }
  message Item {
    option deprecated = true;
    string sku = 1; string name = 2;
  }
  repeated Item items = 5;
}
enum State { STATE_UNSPECIFIED = 0; STATE_OPEN = 1; }
service Orders {
  rpc Get(Order) returns (Order) { option idempotency_level = IDEMPOTENT; }
  rpc Put(Order) returns (Order);
}
`
const version = (text: string, name = 'shop/v1/orders.proto') => {
  const folder = folderWith({ [name]: text })
  return { folder, contract: readContract([folder]) }
}

describe('a breaking change', () => {
  it('says where the declaration is now, or was, and what was the matter', () => {
    const old = version(order)
    const now = version(
      order
        .replace('string id = 1', 'int64 id = 1')
        .replace('    stock = 2', '    stock = 12')
        .replace(' string phone = 4;', '')
        .replace('string name = 2', 'bytes name = 2')
        .replace('STATE_OPEN = 1', 'STATE_OPEN = 2')
        .replace('  rpc Put(Order) returns (Order);\n', '')
        .replace('rpc Get(Order)', 'rpc Get(stream Order)'),
    )
    const lines = checkBreaking(old.contract, now.contract).map(
      ({ file, line, column, fullName, text }) => `${file}:${line}:${column} ${fullName} ${text}`,
    )
    const was = (text: string) => `${old.folder}/shop/v1/orders.proto:${text}`
    const is = (text: string) => `${now.folder}/shop/v1/orders.proto:${text}`
    expect(lines.sort()).toEqual(
      [
        is('6:3 shop.v1.Order.id is int64, was string'),
        is('8:3 shop.v1.Order.stock has the number 12, was 2'),
        was('10:37 shop.v1.Order.phone field 4 is removed without reserving number 4 and the name phone'),
        is('13:21 shop.v1.Order.Item.name is bytes, was string'),
        is('17:37 shop.v1.State.STATE_OPEN is 2, was 1'),
        is('19:3 shop.v1.Orders.Get is client_stream, was unary'),
        was('20:3 shop.v1.Orders.Put method is removed'),
      ].sort(),
    )
  })

  it('is one where a package changes, and what is in it is still compared', () => {
    const now = version(order.replace('package shop.v1', 'package shop.v2').replace('string id', 'bytes id'))
    const changes = checkBreaking(version(order).contract, now.contract)
    expect(changes.map(({ rule, fullName, line }) => `${rule} ${fullName} ${line}`)).toEqual([
      'PACKAGE_CHANGED shop.v2 2',
      'FIELD_TYPE_CHANGED shop.v2.Order.id 6',
    ])
  })

  it('is one for code where a type goes to another file', () => {
    const now = version(order, 'shop/v1/all.proto')
    const changes = checkBreaking(version(order).contract, now.contract)
    expect(changes.map(({ rule, categories, fullName }) => `${rule} ${categories} ${fullName}`)).toEqual([
      'TYPE_MOVED source shop.v1.Order',
      'TYPE_MOVED source shop.v1.Order.Item',
      'TYPE_MOVED source shop.v1.State',
      'TYPE_MOVED source shop.v1.Orders',
    ])
  })

  it('counts for whom it breaks, unless it is meant', () => {
    const old = version(order).contract
    const now = version(order.replace('string id', 'bytes key').replace('string sku', 'int32 sku')).contract
    const rules = (options: Parameters<typeof checkBreaking>[2]) =>
      checkBreaking(old, now, options).map(({ rule, fullName }) => `${rule} ${fullName.split('.').at(-1)}`)
    expect(rules({})).toEqual(['FIELD_RENAMED key', 'FIELD_TYPE_CHANGED key', 'FIELD_TYPE_CHANGED sku'])
    expect(rules({ categories: ['wire'] })).toEqual(['FIELD_TYPE_CHANGED sku'])
    expect(rules({ ignore: ['FIELD_TYPE_CHANGED'] })).toEqual(['FIELD_RENAMED key'])
    expect(rules({ ignore: ['shop.v1.Order.Item'] })).toEqual(['FIELD_RENAMED key', 'FIELD_TYPE_CHANGED key'])
    expect(rules({ ignore: ['FIELD_TYPE_CHANGED:shop.v1.Order.key', 'FIELD_RENAMED:shop.v1.Other'] })).toEqual([
      'FIELD_RENAMED key',
      'FIELD_TYPE_CHANGED sku',
    ])
    expect(rules({ ignore: ['shop/v1/orders.proto'] })).toEqual([])
  })

  it('is found in contracts that are defined in code', () => {
    const Old = defineMessage('shop.v1.Money', { units: field(1, 'int64'), nanos: field(2, 'int32') })
    const New = defineMessage('shop.v1.Money', { units: field(1, 'string') }, { reserved: [2] })
    expect(checkBreaking([Old], [New])).toEqual([
      expect.objectContaining({
        rule: 'FIELD_TYPE_CHANGED',
        fullName: 'shop.v1.Money.units',
        file: 'shop/v1/shop.proto',
      }),
      expect.objectContaining({ rule: 'FIELD_REMOVED', text: 'field 2 is removed without reserving the name nanos' }),
    ])
  })
})
