import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { loadProto, parseProto } from 'tierkit/service'
import { afterEach, describe, expect, it } from 'vitest'

const folders: string[] = []

/** Writes files below a folder of their own; returns the folder. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tierkit-proto-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const orders = `syntax = "proto3";
package shop.v1;
import "google/api/annotations.proto";
import "google/protobuf/empty.proto";
import "shop/v1/money.proto";

message Order { string id = 1; Money total = 2; message Line { string sku = 1; } repeated Line lines = 3; }
service Orders {
  rpc GetOrder(Order) returns (Order) {
    option idempotency_level = NO_SIDE_EFFECTS;
    option (google.api.http) = {
      get: "/v1/orders/{id}"
      additional_bindings { post: "/v1/orders:get" body: "*" response_body: "lines" }
    };
  }
  rpc PlaceOrder(Order) returns (Order) {
    option idempotency_level = IDEMPOTENT;
    option (google.api.http) = {
      custom: { kind: "search" path: "/v1/orders" }
      additional_bindings { put: "/a" }
      additional_bindings { patch: "/b" body: "total" }
    };
  }
  rpc WatchOrders(google.protobuf.Empty) returns (stream Order) { option (google.api.http).get = "/v1/w"; }
  rpc UploadOrders(stream Order) returns (google.protobuf.Empty);
  rpc chat(stream Order) returns (stream Order);
}`
const money = `syntax = "proto3"; package shop.v1; message Money { int64 units = 1; }`

describe('a contract from .proto files', () => {
  it('is found with all that it imports, from include folders', () => {
    const folder = folderWith({ 'proto/shop/v1/orders.proto': orders, 'lib/shop/v1/money.proto': money })
    const includes = [join(folder, 'proto'), join(folder, 'lib')]
    const contract = loadProto(join(folder, 'proto/shop/v1/orders.proto'), { includes })
    expect(contract.services).toEqual(['shop.v1.Orders'])
    expect(contract.messages).toEqual(
      expect.arrayContaining(['shop.v1.Order', 'shop.v1.Order.Line', 'shop.v1.Money', 'google.protobuf.Empty']),
    )
    const codec = contract.codec('shop.v1.Order')
    expect(codec.decode(codec.encode({ total: { units: 5n } }))).toEqual({ id: '', total: { units: 5n }, lines: [] })
  })

  it('is found without include folders, by looking in the folders above', () => {
    const folder = folderWith({ 'shop/v1/orders.proto': orders, 'shop/v1/money.proto': money })
    const files = ['shop/v1/orders.proto', 'shop/v1/money.proto', 'shop/v1/orders.proto'].map((it) => join(folder, it))
    expect(loadProto(files).services).toEqual(['shop.v1.Orders'])
  })

  it('gives definitions with kinds, idempotency and HTTP rules', () => {
    const folder = folderWith({ 'shop/v1/orders.proto': orders, 'shop/v1/money.proto': money })
    const { name, methods } = loadProto(join(folder, 'shop/v1/orders.proto')).service('shop.v1.Orders')
    expect(name).toBe('shop.v1.Orders')
    expect(Object.entries(methods).map(([key, method]) => [key, method.path, method.kind, method.idempotency])).toEqual(
      [
        ['getOrder', '/shop.v1.Orders/GetOrder', 'unary', 'no_side_effects'],
        ['placeOrder', '/shop.v1.Orders/PlaceOrder', 'unary', 'idempotent'],
        ['watchOrders', '/shop.v1.Orders/WatchOrders', 'server_stream', 'unknown'],
        ['uploadOrders', '/shop.v1.Orders/UploadOrders', 'client_stream', 'unknown'],
        ['chat', '/shop.v1.Orders/chat', 'bidi_stream', 'unknown'],
      ],
    )
    expect(methods.getOrder?.http).toEqual([
      { method: 'GET', path: '/v1/orders/{id}' },
      { method: 'POST', path: '/v1/orders:get', body: '*', responseBody: 'lines' },
    ])
    expect(methods.placeOrder?.http).toEqual([
      { method: 'SEARCH', path: '/v1/orders' },
      { method: 'PUT', path: '/a' },
      { method: 'PATCH', path: '/b', body: 'total' },
    ])
    expect(methods.watchOrders?.http).toEqual([{ method: 'GET', path: '/v1/w' }])
    expect(methods.chat?.http).toEqual([])
    expect(methods.watchOrders?.request.typeName).toBe('google.protobuf.Empty')
  })

  it('gives the same definition and the same codec every time', () => {
    const contract = parseProto('syntax = "proto3"; message A {} service S { rpc Do(A) returns (A); }')
    expect(contract.service('S')).toBe(contract.service('S'))
    expect(contract.service('S').methods.do?.request).toBe(contract.codec('A'))
  })

  it('knows the bundled files offline, custom options included', () => {
    const imports = [
      ...['any', 'duration', 'empty', 'field_mask', 'struct', 'timestamp', 'wrappers', 'descriptor'].map(
        (it) => `google/protobuf/${it}.proto`,
      ),
      ...['annotations', 'http', 'httpbody', 'field_behavior'].map((it) => `google/api/${it}.proto`),
      ...['status', 'code', 'error_details'].map((it) => `google/rpc/${it}.proto`),
    ]
    const contract = parseProto(`syntax = "proto3"; package x;
      ${imports.map((it) => `import "${it}";`).join('\n')}
      extend google.protobuf.FieldOptions { string mask = 50000; }
      message A {
        string id = 1 [(google.api.field_behavior) = REQUIRED, (mask) = "all"];
        google.rpc.BadRequest.FieldViolation violation = 2;
        google.api.HttpBody body = 3;
        google.rpc.Code code = 4;
        google.protobuf.Struct data = 5;
      }`)
    const message = contract.codec('x.A').fromJson({
      violation: { field: 'a', localizedMessage: { locale: 'de' } },
      body: { contentType: 'x/y', extensions: [{ '@type': 'a/google.protobuf.Duration', value: '1s' }] },
      code: 'NOT_FOUND',
      data: { a: 1 },
    })
    expect(message).toMatchObject({ code: 5, violation: { localizedMessage: { locale: 'de' } } })
  })

  it('reads files that were asked for also where there are bundled ones of their names', () => {
    const folder = folderWith({
      'google/api/annotations.proto':
        'package google.api; import "google/api/http.proto"; message Mark { optional int32 a = 1; }',
      'google/api/http.proto': 'package google.api; message HttpRule { optional string own = 1; }',
      'main.proto':
        'import "google/api/annotations.proto"; import "google/api/client.proto"; message A { optional google.api.Mark a = 1; }',
    })
    const names = ['main.proto', 'google/api/annotations.proto', 'google/api/http.proto']
    const contract = loadProto(
      names.map((name) => join(folder, name)),
      { includes: [folder] },
    )
    expect(contract.codec('google.api.HttpRule').fields?.map(({ name }) => name)).toEqual(['own'])
    expect(() => loadProto(join(folder, 'main.proto'), { includes: [folder] })).toThrow('no such type: google.api.Mark')
  })
})

describe('names', () => {
  const inherited = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'isPrototypeOf', '__defineGetter__']

  it.each(inherited)('of what objects inherit are names like others: %s', (name) => {
    const contract = parseProto(`syntax = "proto3"; package p;
      import "google/protobuf/descriptor.proto";
      extend google.protobuf.EnumValueOptions { string o${name} = 50000; }
      message ${name} { string a = 1; }
      enum E { Z = 0; ${name}_ = 3 [(o${name}) = "x"]; }
      message A { .p.${name} x = 1; map<string, .p.${name}> y = 2; E e = 3; }
      service S { rpc ${name}(A) returns (A) { option idempotency_level = IDEMPOTENT; } }`)
    const message = { x: { a: 'b' }, y: { [name]: { a: 'c' } }, e: 3 }
    const codec = contract.codec('p.A')
    expect(codec.decode(codec.encode(message))).toEqual(message)
    expect(Object.keys(contract.service('p.S').methods)).toEqual([name])
  })
})

describe('what is not there', () => {
  const contract = parseProto('syntax = "proto3"; package p; message A {} service S { rpc Do(A) returns (A); }')

  it('is named with what is', () => {
    expect(() => contract.service('p.T')).toThrow('the contract has no service "p.T": there are p.S')
    expect(() => contract.codec('A')).toThrow('the contract has no message "A": there are p.A')
    expect(() => parseProto('syntax = "proto3";').service('S')).toThrow('there is no service')
    expect(() => contract.codec('__proto__')).toThrow('no message "__proto__"')
  })
})

describe('problems', () => {
  const cases: [title: string, source: string, problem: string][] = [
    ['a syntax error', 'syntax = "proto3";\nmessage A {\n  strin g = 1\n}', "4:1: illegal token '}', ';' expected"],
    ['text that is no .proto', 'hello', "1:1: illegal token 'hello'"],
    ['an end that comes too soon', 'syntax = "proto3";\nmessage A {\n', '2:12: unexpected end of the file'],
    ['a name used twice', 'syntax = "proto3";\nmessage A {}\nmessage B {}\nmessage A {}', "4:9: duplicate name 'A'"],
    [
      'a field name used twice',
      'syntax = "proto3";\nmessage A {\n int32 x = 1;\n int32 x = 2;\n}',
      "4:8: duplicate name 'x' in A",
    ],
    [
      'a number used twice',
      'syntax = "proto3";\nmessage Z { int32 a = 1; }\nmessage A {\n int32 x = 1;\n // = 1\n int32 y = 1;\n}',
      '6:12: duplicate id 1 in A',
    ],
    [
      'a reserved number',
      'syntax = "proto3";\nmessage A {\n reserved 5;\n int32 x = 5;\n}',
      '4:12: id 5 is reserved in A',
    ],
    ['a type that is not there', 'syntax = "proto3";\nmessage A {\n Nope x = 1;\n}', '3:2: no such type: Nope'],
    [
      'a nested type that is not there',
      'syntax = "proto3";\nmessage A {\n // map<string, Nope> x = 1;\n message B {\n  map<string, Nope> x = 1;\n }\n}',
      '5:15: no such type: Nope',
    ],
    ['a field number of 0', 'syntax = "proto3";\nmessage A {\n string x = 0;\n}', '3:13: 0 is not a field number'],
    [
      'a field number that protobuf keeps',
      'syntax = "proto3";\nmessage A {\n string x = 19500;\n}',
      '3:13: 19500 is not a field number',
    ],
    [
      'an enum that does not start at 0',
      'syntax = "proto3";\nenum E {\n A = 1;\n}',
      '3:6: the first value of enum E must be 0',
    ],
    [
      'a method of a message that is not there',
      'syntax = "proto3";\nmessage A {}\nservice S {\n rpc A(A) returns (Nope);\n}',
      '4:20: no such message: Nope',
    ],
    [
      'an HTTP rule without a path',
      'syntax = "proto3"; import "google/api/annotations.proto";\nmessage A {}\nservice S {\n rpc A(A) returns (A) { option (google.api.http).body = "*"; }\n}',
      '4:6: a google.api.http rule needs one of',
    ],
    [
      'a reason of errors that has the name of what objects inherit',
      'syntax = "proto3";\nimport "tierkit/options.proto";\nenum E {\n A = 0;\n constructor = 3 [(tierkit.error) = { code: ABORTED }];\n}',
      '5:2: "constructor" is not a reason like ORDER_NOT_FOUND',
    ],
    ['an extension of nothing', 'syntax = "proto3";\nextend Nope { string a = 5; }', '2:8: no such type: Nope'],
    ['an edition to come', '\nedition = "2031";', '2:11: edition 2031 is not supported: 2023, 2024 and 2026 are'],
    [
      'a message set',
      'syntax = "proto2";\nmessage A {\n option message_set_wire_format = true;\n extensions 4 to max;\n}',
      '2:9: message A has message_set_wire_format, which is not supported',
    ],
    [
      'an import that is not there',
      'syntax = "proto3";\n\nimport "nope.proto";',
      '3:8: import of nope.proto, which is not in the folders above the file',
    ],
  ]
  it.each(cases)('%s is told with file, line and column', (_, source, problem) => {
    expect(() => parseProto(source, { name: 'api/a.proto' })).toThrow(`api/a.proto:${problem}`)
  })

  it('of several files are told all at once', () => {
    const folder = folderWith({
      'a.proto': 'message A {',
      'b.proto': 'import "a.proto"; import "c.proto";',
      'c.proto': '!',
    })
    const files = ['a.proto', 'b.proto', 'nope.proto'].map((it) => join(folder, it))
    expect(() => loadProto(files, { includes: [folder] })).toThrow(
      [
        `${join(folder, 'nope.proto')}: there is no such file`,
        `${join(folder, 'a.proto')}:1:12: unexpected end of the file`,
        `${join(folder, 'c.proto')}:1:1: illegal token '!'`,
      ].join('\n'),
    )
  })

  it('in imports that go round in a circle are told', () => {
    const folder = folderWith({ 'a.proto': '\nimport "b.proto";', 'b.proto': 'import "a.proto";' })
    expect(() => loadProto(join(folder, 'a.proto'))).toThrow('b.proto:1:8: import of a.proto goes round in a circle')
  })

  it('of two files with one name are told', () => {
    const folder = folderWith({ 'x/a.proto': '', 'y/a.proto': '' })
    expect(() => loadProto([join(folder, 'x/a.proto'), join(folder, 'y/a.proto')])).toThrow(
      'is imported as a.proto, like',
    )
  })

  it('do not spoil the next contract', () => {
    expect(() => parseProto('!')).toThrow()
    expect(parseProto('message A {}').messages).toEqual(['A'])
  })
})
