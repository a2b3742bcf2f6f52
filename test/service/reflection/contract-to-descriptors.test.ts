import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createFileRegistry, fromBinary, type Message, toBinary, toJson } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import { describe, expect, it } from 'vitest'
import {
  type DescriptorProto,
  type FileDescriptorProto,
  FileDescriptorSet,
} from '../../../src/codec/descriptor/file-descriptor.js'
import { defineService } from '../../../src/service/define-service.js'
import { defineMessage } from '../../../src/service/message/define-message.js'
import { field, oneof } from '../../../src/service/message/field.js'
import { unary } from '../../../src/service/method-spec.js'
import { loadProto } from '../../../src/service/proto.js'
import { definitionFiles } from '../../../src/service/proto-schema/definition-files.js'
import { contractToDescriptors } from '../../../src/service/reflection/contract-to-descriptors.js'

const fixtures = new URL('../../codec/descriptor/', import.meta.url)
const includes = [fileURLToPath(new URL('protos', fixtures))]
const protoc = FileDescriptorSet.decode(readFileSync(new URL('everything.binpb', fixtures)))

const contract = loadProto(fileURLToPath(new URL('protos/everything.proto', fixtures)), { includes })
const described = contractToDescriptors(definitionFiles([contract.service('every.v1.Orders')]))

const named = (files: readonly FileDescriptorProto[], name: string) => files.find((file) => file.name === name)

/** Fields with all that is said of them, but options. */
function fieldsOf(messages: readonly DescriptorProto[], scope = ''): Map<string, object> {
  const all = messages.flatMap(({ name, field: fields, nestedType }) => [
    ...fields.map(({ options: _, ...rest }) => [`${scope}${name}.${rest.name}`, rest] as const),
    ...fieldsOf(nestedType, `${scope}${name}.`),
  ])
  return new Map(all)
}

describe('contractToDescriptors', () => {
  it.each(['everything_types.proto', 'everything.proto'])('describes %s as protoc does', (name) => {
    const { options: _, publicDependency: __, dependency, ...rest } = named(protoc.file, name) as FileDescriptorProto
    const own = named(described, name) as FileDescriptorProto

    expect(own).toMatchObject(rest)
    expect([...own.dependency].sort()).toEqual([...dependency].sort())
  })

  it.each([
    ['google/protobuf/descriptor.proto', ['FileOptions.php_generic_services']],
    ['google/protobuf/timestamp.proto', []],
    ['google/protobuf/empty.proto', []],
  ] as const)('describes the fields of the bundled %s as protoc does', (name, gone) => {
    const own = fieldsOf(named(described, name)?.messageType ?? [])
    const theirs = [...fieldsOf(named(protoc.file, name)?.messageType ?? [])].filter(
      ([field]) => !(gone as readonly string[]).includes(field),
    )

    expect(theirs.map(([field]) => [field, own.get(field)])).toEqual(theirs)
  })

  it('describes what only proto2 has', () => {
    const old = loadProto(fileURLToPath(new URL('protos/old.proto', fixtures)))
    const [own] = contractToDescriptors(definitionFiles([], [old.codec('old.v1.Old')]))

    expect(own).toEqual(named(protoc.file, 'old.proto'))
  })

  it('says with features what differs from the edition', () => {
    const edition = loadProto(fileURLToPath(new URL('protos/edition.proto', fixtures)))
    const [own] = contractToDescriptors(definitionFiles([], [edition.codec('edition.v1.Facts')]))
    const features = Object.fromEntries((own?.messageType[0]?.field ?? []).map((f) => [f.name, f.options?.features]))

    expect(own).toMatchObject({ syntax: 'editions', edition: 1000 })
    expect(own?.enumType[0]?.options?.features).toEqual({ enumType: 2 })
    expect(features).toEqual({
      silent: { fieldPresence: 2 },
      needed: { fieldPresence: 3 },
      loose: { repeatedFieldEncoding: 2 },
      group: { messageEncoding: 2 },
    })
  })

  it('brings every file that another one needs, and imported ones first', () => {
    const seen = new Set<string>()
    for (const { name = '', dependency } of described) {
      expect(dependency.filter((needed) => !seen.has(needed))).toEqual([])
      seen.add(name)
    }
    expect([...seen]).toEqual(expect.arrayContaining(['google/api/annotations.proto', 'google/api/http.proto']))
    expect(named(described, 'google/protobuf/descriptor.proto')?.messageType).toHaveLength(23)
  })

  it('describes a contract that was written in code', () => {
    const Kind = { NONE: 0, SOME: 1 } as const
    const Part = defineMessage('code.v1.Part', { partNo: field(1, 'int64', { optional: true }) })
    const Whole = defineMessage('code.v1.Whole', {
      parts: field(1, { map: ['string', Part] }),
      kind: field(2, Kind),
      choice: oneof({ text: field(3, 'string'), when: field(4, 'google.protobuf.Timestamp') }),
    })
    const Wholes = defineService({
      name: 'code.v1.Wholes',
      methods: {
        getWhole: unary(Part, Whole, {
          idempotency: 'no_side_effects',
          http: { method: 'PURGE', path: '/wholes/{part_no}' },
          deprecated: true,
        }),
      },
    })
    const files = contractToDescriptors(definitionFiles([Wholes]))
    const own = named(files, 'code/v1/code.proto')
    const registry = registryOf(files)

    expect(own?.dependency).toEqual(['google/api/annotations.proto', 'google/protobuf/timestamp.proto'])
    expect(own?.service[0]?.method[0]).toMatchObject({
      name: 'GetWhole',
      options: { deprecated: true, idempotencyLevel: 1 },
    })
    expect(registry.getMessage('code.v1.Whole')?.members.map(({ name }) => name)).toEqual(['parts', 'kind', 'choice'])
    expect(registry.getMessage('code.v1.Part')?.field.partNo?.presence).toBe(1)
  })
})

function registryOf(files: readonly FileDescriptorProto[]) {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, FileDescriptorSet.encode({ file: files })))
}

describe('the descriptors of a contract', () => {
  it('are understood by others, down to the bytes of messages', () => {
    const order = contract.codec('every.v1.Order')
    const bytes = order.encode({
      orderId: 'o-1',
      totalCents: 0n,
      items: [{ sku: 'a' }],
      bySku: { a: { sku: 'a' } },
      kinds: { '-5': 1 },
      payment: { case: 'gift', value: { cardText: 'hi' } },
      plain: [1, 2],
      spread: [3, 4],
      tight: [-5n],
      renamed: 'r',
      side: -1,
    })
    const schema = registryOf(described).getMessage('every.v1.Order')
    if (!schema) throw new Error('every.v1.Order is missing')
    const message: Message = fromBinary(schema, bytes)

    expect(toJson(schema, message)).toEqual(order.toJson(order.decode(bytes)))
    expect(order.decode(toBinary(schema, message))).toEqual(order.decode(bytes))
  })
})
