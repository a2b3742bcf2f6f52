/** One definition over gRPC and over HTTP/JSON, by a `google.api.http` rule and by name, with errors that keep their code. */
import { createApp, createClient, grpc, http } from 'tierkit'
import { Greeter } from './greeter/contract.js'
import { greeter } from './greeter/service.js'

const app = createApp({
  name: 'greeter',
  services: [greeter],
  servers: [grpc({ host: '127.0.0.1' }), http({ host: '127.0.0.1' })],
})
const { servers } = await app.start()
const [grpcUrl = '', httpUrl = ''] = servers.map(({ url }) => url)

const client = createClient(Greeter, { target: grpcUrl })
console.log('gRPC:', (await client.sayHello({ text: 'Ada' })).text)

const byRule = await fetch(`${httpUrl}/v1/hello/Ada`)
console.log('GET by rule:', await byRule.json())

const byName = await fetch(`${httpUrl}/greeter.v1.Greeter/SayHello`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"text":"Ada"}',
})
console.log('POST by name:', await byName.json())

const stream = await fetch(`${httpUrl}/greeter.v1.Greeter/CountDown`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
  body: '{"text":"2"}',
})
console.log('as events:', (await stream.text()).match(/data: .*/g))

const wrong = await fetch(`${httpUrl}/v1/hello/Ada?volume=11`)
console.log('unknown parameter:', wrong.status, await wrong.json())

await client[Symbol.asyncDispose]()
await app.stop()
