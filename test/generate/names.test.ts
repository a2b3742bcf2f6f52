import { join } from 'node:path'
import { generate, generateCode } from 'tierkit/generate'
import { bindings, implement, type ServiceDefinition } from 'tierkit/service'
import { describe, expect, it } from 'vitest'
import { problemsIn } from './compile.js'
import { folderWith } from './fixtures.js'
import { modulesOf } from './modules.js'

const awkward = `syntax = "proto3"; package awkward.v1;
  message file_awkward { string Map = 1; Map map = 2; }
  message types {}
  message protoFile { oneof case { string value = 1; Date kind = 2; } }
  message Map { map<int64, Error> error = 1; }
  message Date { repeated Promise promise = 1; }
  message Error { string stack = 1; }
  message Promise { int32 then = 1; }
  message Outer { message Inner { enum E { E_A = 0; } E e = 1; } Inner inner = 1; }
  message Outer_Inner { Outer.Inner.E e = 1; }
  message OuterInit { Outer outer = 1; }
  service Awkward {
    rpc Get(types) returns (Outer);
    rpc get(types) returns (stream Map);
    rpc constructor(types) returns (types);
    rpc toString(types) returns (types);
  }`

describe('names in contracts', () => {
  it('may be those of globals, of what code imports, and of what it declares', { timeout: 120_000 }, () => {
    const folder = folderWith({ 'awkward.proto': awkward, 'package.json': '{ "type": "module" }' })
    const paths = generate({ files: [join(folder, 'awkward.proto')], out: join(folder, 'out') })
    expect(problemsIn(paths)).toEqual([])
  })

  it('of methods that differ in their first letter alone stay as they are', async () => {
    const { exported, contract } = await modulesOf({ 'awkward.proto': awkward })
    const Awkward = exported.Awkward as ServiceDefinition
    for (const { methods } of [Awkward, contract.service('awkward.v1.Awkward')]) {
      expect(Object.entries(methods).map(([key, { name, kind }]) => [key, name, kind])).toEqual([
        ['Get', 'Get', 'unary'],
        ['get', 'get', 'server_stream'],
        ['constructor', 'constructor', 'unary'],
        ['toString', 'toString', 'unary'],
      ])
    }
  })

  it('of methods may be those that every object has', async () => {
    const { exported } = await modulesOf({ 'awkward.proto': awkward })
    const same = (request: object): object => request
    const handlers = { Get: same, get: async function* () {}, constructor: same, toString: same }
    const service = implement(exported.Awkward as ServiceDefinition, handlers as never)
    expect(bindings([service]).map(({ method }) => method.name)).toContain('constructor')
  })

  it('of types that are declared between others do not depend on how the contract was read', () => {
    const files = folderWith({
      'a.proto': 'syntax = "proto3"; enum A { A_0 = 0; } message M { enum E { E_0 = 0; } message N {} }',
    })
    const [code] = generateCode({ files: [files] })
    expect(code?.text).toMatch(/"M": \{[\s\S]*"N": [\s\S]*"E": [\s\S]*"A": /)
  })
})
