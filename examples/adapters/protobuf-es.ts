/** A contract that `protoc-gen-es` generated for Connect, implemented here, and called from here and by Connect's own client. */
import { create } from '@bufbuild/protobuf'
import { createClient as createConnectClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-web'
import { createApp, createClient, implement, serve } from 'tierkit'
import { fromProtobufEs } from 'tierkit/service/protobuf-es'
import { Greeter as EsGreeter, HelloSchema } from '../browser/page/generated/greeter_pb.js'

const Greeter = fromProtobufEs(EsGreeter)

const greeter = implement(Greeter, {
  sayHello: ({ text }) => create(HelloSchema, { text: `Hello ${text}` }),
  async greetAll(requests) {
    const names: string[] = []
    for await (const { text } of requests) names.push(text)
    return { text: `Hello ${names.join(' and ')}` } // what create takes is enough
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
console.log('tierkit:', (await client.greetAll([{ text: 'Ada' }, { text: 'Bob' }])).text)

const connect = createConnectClient(EsGreeter, createConnectTransport({ baseUrl: httpUrl }))
console.log('Connect:', (await connect.sayHello({ text: 'Ada' })).text)
for await (const { text } of connect.countDown({ text: '2' })) console.log('Connect:', text)

await client[Symbol.asyncDispose]()
await app.stop()
