import { fileURLToPath } from 'node:url'
import { closeClient } from 'tierkit/client'
import type { MessageCodec } from 'tierkit/codec'
import { Code } from 'tierkit/error'
import {
  defineMessage,
  defineService,
  field,
  healthService,
  implement,
  loadProto,
  reflectionAlphaContract,
  reflectionContract,
  reflectionServices,
  unary,
} from 'tierkit/service'
import { createTestClient } from 'tierkit/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { FileDescriptorProto } from '../../../src/codec/descriptor/file-descriptor.js'
import { Health } from '../../../src/observability/health.js'

const protos = fileURLToPath(new URL('../../codec/descriptor/protos/', import.meta.url))
const contract = loadProto(`${protos}everything.proto`, { includes: [protos] })
const Orders = contract.service('every.v1.Orders')
const orders = implement(Orders, Object.fromEntries(Object.keys(Orders.methods).map((key) => [key, () => ({})])))

const Old = loadProto(`${protos}old.proto`, { includes: [protos] }).codec('old.v1.Old')
const Olds = defineService({ name: 'old.v1.Olds', methods: { getOld: unary(Old, Old) } })
const olds = implement(Olds, { getOld: () => ({}) })

const clients: AsyncDisposable[] = []
afterEach(async () => {
  await Promise.all(clients.splice(0).map(closeClient))
})

type Contract = typeof reflectionContract | typeof reflectionAlphaContract
type Request = Parameters<typeof reflectionContract.methods.serverReflectionInfo.request.encode>[0]
type Question = NonNullable<Request['messageRequest']>

async function ask(questions: readonly (Question | undefined)[], version: Contract = reflectionContract) {
  const served = [orders, olds, healthService(new Health())]
  const client = await createTestClient(version, reflectionServices(served))
  clients.push(client)
  async function* requests() {
    for (const messageRequest of questions) yield { host: 'here', ...(messageRequest && { messageRequest }) }
  }
  const answers = []
  for await (const answer of client.serverReflectionInfo(requests())) answers.push(answer)
  return answers.map((answer) => answer.messageResponse)
}

async function fileNames(question: Question): Promise<(string | undefined)[]> {
  const [answer] = await ask([question])
  if (answer?.case !== 'fileDescriptorResponse') throw new Error(JSON.stringify(answer))
  return answer.value.fileDescriptorProto.map((bytes) => FileDescriptorProto.decode(bytes).name)
}

describe.each([
  ['v1', reflectionContract],
  ['v1alpha', reflectionAlphaContract],
])('reflection %s', (name, version) => {
  it('lists every service, itself too', async () => {
    expect(version.methods.serverReflectionInfo.path).toBe(
      `/grpc.reflection.${name}.ServerReflection/ServerReflectionInfo`,
    )
    expect(await ask([{ case: 'listServices', value: '' }], version)).toEqual([
      {
        case: 'listServicesResponse',
        value: {
          service: [
            'every.v1.Orders',
            'grpc.health.v1.Health',
            'grpc.reflection.v1.ServerReflection',
            'grpc.reflection.v1alpha.ServerReflection',
            'old.v1.Olds',
          ].map((service) => ({ name: service })),
        },
      },
    ])
  })
})

describe('reflection', () => {
  it.each([
    ['a service', 'every.v1.Orders', 'everything.proto'],
    ['a method', 'every.v1.Orders.PlaceOrder', 'everything.proto'],
    ['a message', 'every.v1.Order', 'everything.proto'],
    ['a nested message', 'every.v1.Order.Item.Gift', 'everything.proto'],
    ['a field', 'every.v1.Order.total_cents', 'everything.proto'],
    ['a oneof', 'every.v1.Order.payment', 'everything.proto'],
    ['a nested enum', 'every.v1.Order.Side', 'everything.proto'],
    ['an enum', 'every.v1.Kind', 'everything_types.proto'],
    ['a value of an enum', 'every.v1.KIND_LARGE', 'everything_types.proto'],
    ['an extension', 'every.v1.sensitive', 'everything.proto'],
    ['a name with a dot in front', '.every.v1.Order', 'everything.proto'],
    ['an imported message', 'google.protobuf.Timestamp', 'google/protobuf/timestamp.proto'],
    ['the option of a method', 'google.api.http', 'google/api/annotations.proto'],
    ['the health service', 'grpc.health.v1.Health', 'grpc/health/v1/health.proto'],
    ['itself', 'grpc.reflection.v1.ServerReflection', 'grpc/reflection/v1/reflection.proto'],
  ])('finds the file of %s', async (_, symbol, file) => {
    expect((await fileNames({ case: 'fileContainingSymbol', value: symbol }))[0]).toBe(file)
  })

  it('sends a file with everything that it imports, at any depth', async () => {
    const names = await fileNames({ case: 'fileByFilename', value: 'everything.proto' })

    expect(names[0]).toBe('everything.proto')
    expect([...names].sort()).toEqual([
      'everything.proto',
      'everything_types.proto',
      'google/api/annotations.proto',
      'google/api/field_behavior.proto',
      'google/api/http.proto',
      'google/protobuf/descriptor.proto',
      'google/protobuf/empty.proto',
      'google/protobuf/timestamp.proto',
    ])
  })

  it('sends what is imported once in a stream', async () => {
    const asked = { case: 'fileByFilename', value: 'everything.proto' } as const
    const [first, second] = await ask([asked, asked])

    expect(first).toMatchObject({ value: { fileDescriptorProto: { length: 8 } } })
    expect(second).toMatchObject({ value: { fileDescriptorProto: { length: 1 } } })
  })

  it('finds extensions by the message and their numbers', async () => {
    const value = { containingType: 'google.protobuf.FieldOptions', extensionNumber: 50002 }
    const numbers = await ask([
      { case: 'allExtensionNumbersOfType', value: 'old.v1.Old' },
      { case: 'allExtensionNumbersOfType', value: 'every.v1.Order' },
    ])

    expect((await fileNames({ case: 'fileContainingExtension', value }))[0]).toBe('everything.proto')
    expect(numbers.map((answer) => answer?.value)).toEqual([
      { baseTypeName: 'old.v1.Old', extensionNumber: [100, 101] },
      { baseTypeName: 'every.v1.Order', extensionNumber: [] },
    ])
  })

  it('answers what there is not with NOT_FOUND, and goes on', async () => {
    const answers = await ask([
      { case: 'fileByFilename', value: 'nobody.proto' },
      { case: 'fileContainingSymbol', value: 'every.v1.Nothing' },
      { case: 'fileContainingSymbol', value: '' },
      { case: 'fileContainingExtension', value: { containingType: 'every.v1.Order', extensionNumber: 1 } },
      { case: 'allExtensionNumbersOfType', value: 'every.v1.Kind' },
      { case: 'listServices', value: '' },
    ])

    expect(answers.map((answer) => (answer?.case === 'errorResponse' ? answer.value.errorCode : answer?.case))).toEqual(
      [...Array.from({ length: 5 }, () => Code.NOT_FOUND), 'listServicesResponse'],
    )
    expect(answers[1]?.value).toEqual({ errorCode: 5, errorMessage: 'there is no symbol "every.v1.Nothing"' })
  })

  it('answers a request that asks for nothing with INVALID_ARGUMENT, and goes on', async () => {
    const [nothing, services] = await ask([undefined, { case: 'listServices', value: '' }])

    expect(nothing?.value).toMatchObject({ errorCode: Code.INVALID_ARGUMENT })
    expect(services?.case).toBe('listServicesResponse')
  })

  it('repeats the request and its host', async () => {
    const client = await createTestClient(reflectionContract, reflectionServices([]))
    clients.push(client)
    const request = { host: 'here', messageRequest: { case: 'fileByFilename', value: 'a.proto' } } as const
    async function* requests() {
      yield request
    }
    for await (const answer of client.serverReflectionInfo(requests()))
      expect(answer).toMatchObject({ validHost: 'here', originalRequest: request })
  })

  it('lists a service whose codec says nothing of its message, and knows no more of it', async () => {
    const Note = defineMessage('bare.Note', { text: field(1, 'string') })
    const codec: MessageCodec<{ text: string }> = {
      typeName: 'bare.Note',
      encode: (note) => Note.encode(note),
      decode: (bytes) => Note.decode(bytes),
      toJson: (note) => Note.toJson(note),
      fromJson: (json) => Note.fromJson(json),
    }
    const Notes = defineService({ name: 'bare.Notes', methods: { echo: unary(codec, codec) } })
    const client = await createTestClient(
      reflectionContract,
      reflectionServices([implement(Notes, { echo: (n) => n })]),
    )
    clients.push(client)
    async function* requests() {
      yield { messageRequest: { case: 'listServices', value: '' } } as const
      yield { messageRequest: { case: 'fileContainingSymbol', value: 'bare.Notes' } } as const
    }
    const answers = []
    for await (const { messageResponse } of client.serverReflectionInfo(requests())) answers.push(messageResponse)

    expect(JSON.stringify(answers[0])).toContain('bare.Notes')
    expect(answers[1]?.value).toMatchObject({ errorCode: Code.NOT_FOUND })
  })
})
