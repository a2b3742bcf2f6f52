/** A service written for ts-proto and nice-grpc, with its messages, over gRPC, JSON, gRPC-Web and Connect. */
import { createApp, createClient, implement, serve } from 'tierkit'
import { fromTsProto } from 'tierkit/service'
// protoc --ts_proto_opt=outputServices=generic-definitions,importSuffix=.js,forceLong=bigint …/greeter.proto
import { GreeterDefinition, Hello } from './generated/greeter.js'

const Greeter = fromTsProto(GreeterDefinition)

const greeter = implement(Greeter, {
  sayHello: async ({ text }) => Hello.fromPartial({ text: `Hello ${text}` }),
  async greetAll(requests) {
    const names: string[] = []
    for await (const { text } of requests) names.push(text)
    return { text: `Hello ${names.join(' and ')}` }
  },
  async *countDown({ text }) {
    for (let n = Number(text); n > 0; n -= 1) yield { text: String(n) }
  },
  chat: (requests) => requests,
})

const app = createApp({ name: 'greeter', services: [greeter], servers: [serve({ host: '127.0.0.1' })] })
const { urls = [] } = (await app.start()).servers[0] ?? {}
const [grpcUrl = '', httpUrl = ''] = urls

const client = createClient(Greeter, { target: grpcUrl })
console.log('gRPC:', (await client.sayHello({ text: 'Ada' })).text)
for await (const { text } of client.countDown({ text: '2' })) console.log('gRPC:', text)

const headers = { 'content-type': 'application/json' }
const json = await fetch(`${httpUrl}/greeter.v1.Greeter/SayHello`, { method: 'POST', headers, body: '{"text":"Ada"}' })
console.log('JSON:', await json.json())

await client[Symbol.asyncDispose]()
await app.stop()
