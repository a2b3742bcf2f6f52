import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Code, RpcError } from 'tierkit/error'
import {
  bindings,
  healthService,
  implement,
  loadProto,
  reflectionContract,
  reflectionServices,
  type Service,
} from 'tierkit/service'
import { grpcServer } from 'tierkit/transport/grpc'
import { afterEach, describe, expect, it } from 'vitest'
import { FileDescriptorProto } from '../../src/codec/descriptor/file-descriptor.js'
import { Health } from '../../src/observability/health.js'
import { definitionFiles } from '../../src/service/proto-schema/definition-files.js'
import { contractToDescriptors } from '../../src/service/reflection/contract-to-descriptors.js'
import type { ReflectionRequest } from '../../src/service/reflection/reflection-contract.js'
import type { Server } from '../../src/transport/transport.js'
import { run } from './run.js'

const protos = fileURLToPath(new URL('../codec/descriptor/protos/', import.meta.url))
const set = fileURLToPath(new URL('../codec/descriptor/everything.binpb', import.meta.url))
const Orders = loadProto(`${protos}everything.proto`, { includes: [protos] }).service('every.v1.Orders')
const orders = implement(Orders, {
  placeOrder: async (order: object) => ({ ...order, note: 'placed' }),
  getOrder: async (order: object) => order,
  upload: async () => ({}),
  async *watch() {},
  talk: (requests: AsyncIterable<object>) => requests,
})

const servers: Server[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function serving(services: readonly Service[]): Promise<string> {
  const server = grpcServer({ host: '127.0.0.1', port: 0 })
  servers.push(server)
  const { url } = await server.listen(bindings(services))
  return url
}

const reflected = () => serving([orders, ...reflectionServices([orders, healthService(new Health())])])
const placed = {
  code: 0,
  out: '{"orderId":"7","totalCents":"5","kinds":{"-5":"KIND_LARGE"},"note":"placed"}\n',
  err: '',
}
const order = '{"orderId":"7","totalCents":"5","kinds":{"-5":"KIND_LARGE"}}'

describe('tierkit call without a contract', () => {
  it('asks the server for it', async () => {
    expect(await run(['call', await reflected(), 'every.v1.Orders/PlaceOrder', order])).toEqual(placed)
  })

  it('asks in the words of v1alpha where there is no v1', async () => {
    const [, alpha] = reflectionServices([orders])
    const url = await serving([orders, alpha as Service])
    expect(await run(['call', url, 'every.v1.Orders/PlaceOrder', order])).toEqual(placed)
  })

  it('asks for imported files that a server does not send along', async () => {
    const files = contractToDescriptors(definitionFiles([Orders]))
    const asked: string[] = []
    const sparing = implement(reflectionContract, {
      async *serverReflectionInfo(requests: AsyncIterable<ReflectionRequest>) {
        for await (const { messageRequest } of requests) {
          const name = messageRequest?.case === 'fileByFilename' ? messageRequest.value : 'everything.proto'
          asked.push(name)
          const file = files.find((one) => one.name === name) as FileDescriptorProto
          const value = { fileDescriptorProto: [FileDescriptorProto.encode(file)] }
          yield { messageResponse: { case: 'fileDescriptorResponse', value } } as const
        }
      },
    })
    const url = await serving([orders, sparing])

    expect(await run(['call', url, 'every.v1.Orders/PlaceOrder', order])).toEqual(placed)
    expect(asked).toEqual(['everything.proto', 'everything_types.proto'])
  })

  it('says how to turn reflection on where it is off', async () => {
    const ran = await run(['call', await serving([orders]), 'every.v1.Orders/PlaceOrder', '{}'])
    expect(ran).toMatchObject({ code: Code.UNIMPLEMENTED, out: '' })
    expect(ran.err).toContain('createApp({ reflection: true })')
    expect(ran.err).toContain('--proto')
  })

  it('names the services that there are', async () => {
    const ran = await run(['call', await reflected(), 'every.v1.Order/PlaceOrder', '{}'])
    expect(ran).toMatchObject({ code: 64, out: '' })
    const other = await run(['call', await reflected(), 'nobody.Nothing/Do', '{}'])
    expect(other).toMatchObject({ code: 64, out: '' })
    expect(other.err).toMatch(/^tierkit: the server has no service "nobody.Nothing": there are every.v1.Orders, grpc.h/)
  })

  it('sends metadata with what it asks, and passes on what the server has against it', async () => {
    const guard = implement(reflectionContract, {
      // biome-ignore lint/correctness/useYield: it fails first
      async *serverReflectionInfo(_, { metadata }) {
        throw new RpcError(Code.UNAUTHENTICATED, `not for ${metadata.get('x-who')}`)
      },
    })
    const url = await serving([orders, guard])
    const ran = await run(['call', url, 'every.v1.Orders/PlaceOrder', '{}', '--metadata', 'x-who=ada'])
    expect(ran).toMatchObject({ code: Code.UNAUTHENTICATED, err: 'UNAUTHENTICATED: not for ada\n' })
  })

  it('fails with INTERNAL where a server sends nonsense', async () => {
    const nonsense = implement(reflectionContract, {
      async *serverReflectionInfo() {
        const value = { fileDescriptorProto: [new Uint8Array([0x0a, 9])] }
        yield { messageResponse: { case: 'fileDescriptorResponse', value } } as const
      },
    })
    const ran = await run(['call', await serving([orders, nonsense]), 'every.v1.Orders/PlaceOrder', '{}'])
    expect(ran).toMatchObject({ code: Code.INTERNAL, out: '' })
  })
})

describe('tierkit describe', () => {
  const asked = async (symbol: string) => run(['describe', await reflected(), symbol])

  it('lists the services of a server, one on a line', async () => {
    expect(await run(['describe', await reflected()])).toEqual({
      code: 0,
      out: [
        'every.v1.Orders\ngrpc.health.v1.Health\n',
        'grpc.reflection.v1.ServerReflection\ngrpc.reflection.v1alpha.ServerReflection\n',
      ].join(''),
      err: '',
    })
  })

  it('shows a service with the options of its methods', async () => {
    const { out } = await asked('every.v1.Orders')
    expect(out).toContain('  rpc Watch(Order) returns (stream Order);\n')
    expect(out).toContain('option (google.api.http) = {\n      post: "/v1/orders"')
    expect(out).toContain('option (every.v1.scope) = {')
  })

  it.each(['every.v1.Orders/Upload', 'every.v1.Orders.Upload'])(
    'shows the method %s with its messages',
    async (name) => {
      const { out } = await asked(name)
      expect(out).toMatch(
        /^service Orders \{\n {2}rpc Upload\(stream Order\) returns \(google.protobuf.Empty\);\n\}\n\nmes/,
      )
      expect(out).toContain('\nmessage Order {')
      expect(out).toMatch(/message Empty \{\}\n$/)
    },
  )

  it.each([
    ['every.v1.Order.Item', 'message Item {'],
    ['every.v1.Order.total_cents', 'message Order {'],
    ['every.v1.Kind', 'enum Kind {'],
    ['every.v1.KIND_LARGE', 'enum Kind {'],
    ['google.protobuf.Timestamp', 'message Timestamp {'],
    ['grpc.health.v1.Health', 'service Health {'],
  ])('shows %s', async (symbol, first) => {
    const { code, out } = await asked(symbol)
    expect([code, out.split('\n')[0]]).toEqual([0, first])
  })

  it('reads files and descriptor sets as well', async () => {
    const file = ['--proto', `${protos}everything.proto`, '-I', protos]
    expect(await run(['describe', ...file])).toEqual({ code: 0, out: 'every.v1.Orders\n', err: '' })
    expect((await run(['describe', ...file, 'every.v1.Orders'])).out).toContain('// Places one.\n')
    expect(readFileSync(set).length).toBeGreaterThan(0)
    expect((await run(['describe', '--descriptor-set', set, 'old.v1.Old.Kind'])).out).toMatch(
      /^enum Kind \{\n {2}FIRST/,
    )
  })

  it('exits with NOT_FOUND where there is no such symbol', async () => {
    const missing = { code: Code.NOT_FOUND, out: '', err: 'NOT_FOUND: there is no symbol "every.v1.Nothing"\n' }
    expect(await asked('every.v1.Nothing')).toEqual(missing)
    expect(await run(['describe', '--descriptor-set', set, 'every.v1.Nothing'])).toEqual(missing)
  })

  it.each([
    [[], 'expected TARGET, or --proto, and at most one SYMBOL'],
    [['a:1', 'b', 'c'], 'expected TARGET, or --proto, and at most one SYMBOL'],
    [['http://a:1'], 'only gRPC servers can be asked for their contract'],
    [['--proto', '/no/such.proto'], '/no/such.proto'],
    [['a:1', '--timeout', 'soon'], '--timeout needs a number'],
  ])('refuses wrong arguments with 64: %j', async (args, message) => {
    expect(await run(['describe', ...args])).toMatchObject({ code: 64, out: '', err: expect.stringContaining(message) })
  })
})
