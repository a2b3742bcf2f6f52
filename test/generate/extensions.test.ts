import type { MessageCodec } from 'tierkit/codec'
import { writeProto } from 'tierkit/generate'
import type { ServiceDefinition } from 'tierkit/service'
import { describe, expect, it } from 'vitest'
import { messageValidator } from '../../src/codec/validate/validator.js'
import { definitionFiles } from '../../src/service/proto-schema/definition-files.js'
import { contractToDescriptors } from '../../src/service/reflection/contract-to-descriptors.js'
import { modulesOf } from './modules.js'

const options = `syntax = "proto3"; package acme.options.v1;
  import "google/protobuf/descriptor.proto";
  import "buf/validate/validate.proto";
  option go_package = "acme.dev/options";
  enum Level { LEVEL_UNSPECIFIED = 0; LEVEL_HIGH = 1; }
  message Access { repeated string roles = 1; Level level_needed = 2; map<string, int64> quotas = 3; }
  extend google.protobuf.MethodOptions { Access access_needed = 50001; repeated string tags = 50002; }
  extend google.protobuf.ServiceOptions { string owner_team = 50001; }
  extend google.protobuf.FileOptions { string file_note = 50001; }
  extend google.protobuf.EnumValueOptions { Access value_access = 50001; }
  message Scope { extend google.protobuf.FieldOptions { optional bool is_secret = 50003; } }
  extend buf.validate.StringRules {
    optional bool is_shout = 80001 [(buf.validate.predefined).cel = {
      id: "string.shout" message: "must be in upper case" expression: "!rule || this == this.upperAscii()" }];
  }`

const messages = `syntax = "proto3"; package acme.shop.v1;
  import "acme/options/v1/options.proto";
  import "buf/validate/validate.proto";
  message Order {
    string code = 1 [(buf.validate.field).string.(acme.options.v1.is_shout) = true, (acme.options.v1.Scope.is_secret) = true];
    Kind kind = 2;
    oneof childRef { string one = 3; string other = 4; }
  }
  enum Kind { KIND_UNSPECIFIED = 0; KIND_RARE = 1 [(acme.options.v1.value_access).level_needed = LEVEL_HIGH]; }`

const service = `syntax = "proto3"; package acme.shop.v1;
  import "acme/shop/v1/messages.proto";
  import "acme/options/v1/options.proto";
  option go_package = "acme.dev/shop;shop";
  option java_multiple_files = true;
  option (acme.options.v1.file_note) = "noted";
  enum Unused { UNUSED_UNSPECIFIED = 0; }
  service Orders {
    option (acme.options.v1.owner_team) = "orders";
    rpc Place(Order) returns (Order) {
      option (acme.options.v1.access_needed) = { roles: ["a", "b"] level_needed: LEVEL_HIGH quotas { key: "x" value: 9007199254740993 } };
      option (acme.options.v1.tags) = "one";
      option (acme.options.v1.tags) = "two";
    }
  }`

const files = {
  'acme/options/v1/options.proto': options,
  'acme/shop/v1/messages.proto': messages,
  'acme/shop/v1/orders.proto': service,
}

async function bothOf(contracts: Readonly<Record<string, string>>) {
  const { exported, contract } = await modulesOf(contracts)
  return {
    generated: exported.Orders as ServiceDefinition,
    read: contract.service('acme.shop.v1.Orders'),
    exported,
    contract,
  }
}

describe('a generated contract with options of its own', () => {
  it('has the descriptors that the same contract has when it is read', async () => {
    const { generated, read } = await bothOf(files)
    const descriptors = contractToDescriptors(definitionFiles([generated]))
    expect(descriptors).toEqual(contractToDescriptors(definitionFiles([read])))
    const orders = descriptors.find(({ name }) => name === 'acme/shop/v1/orders.proto')
    expect(orders?.options).toMatchObject({ goPackage: 'acme.dev/shop;shop', javaMultipleFiles: true })
    expect(Buffer.from(orders?.options?.unknown ?? []).toString()).toContain('noted')
    expect(orders?.enumType.map(({ name }) => name)).toEqual(['Unused'])
    const [message] = descriptors.find(({ name }) => name === 'acme/shop/v1/messages.proto')?.messageType ?? []
    expect(message?.oneofDecl).toMatchObject([{ name: 'childRef' }])
    expect(orders?.service[0]?.method[0]?.options?.unknown).toBeDefined()
    expect(descriptors.map(({ name }) => name)).toContain('acme/options/v1/options.proto')
  })

  it('is written as the same files', async () => {
    const { generated, read } = await bothOf(files)
    const written = writeProto(generated)
    expect(written).toEqual(writeProto(read))
    expect(written.map(({ path }) => path)).toEqual(Object.keys(files))
    const [declared, , orders] = written
    expect(declared?.text).toContain('  optional bool is_shout = 80001 [(buf.validate.predefined).cel = {')
    expect(orders?.text).toContain('option go_package = "acme.dev/shop;shop";\noption java_multiple_files = true;\n')
    expect(orders?.text).toContain('option (acme.options.v1.file_note) = "noted";\n')
    const again = await bothOf(Object.fromEntries(written.map(({ path, text }) => [path, text])))
    expect(writeProto(again.generated)).toEqual(written)
    expect(contractToDescriptors(definitionFiles([again.read]))).toEqual(contractToDescriptors(definitionFiles([read])))
  })

  it('checks the rules that it predefines', async () => {
    const { exported, contract } = await bothOf(files)
    for (const codec of [exported.Order as MessageCodec, contract.codec('acme.shop.v1.Order')]) {
      const check = messageValidator(codec.schema as never)
      const found = check?.({ code: 'quiet', kind: 0 }, { now: () => 0 }) ?? []
      expect(found.map(({ id }) => id)).toEqual(['string.shout'])
      expect(check?.({ code: 'LOUD', kind: 0 }, { now: () => 0 }) ?? []).toEqual([])
    }
  })
})
