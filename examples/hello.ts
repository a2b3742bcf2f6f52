import { createApp, createClient, defineMessage, defineService, field, grpc, http, implement, unary } from 'tierkit'

// The contract.
const HelloRequest = defineMessage('hello.v1.HelloRequest', { name: field(1, 'string') })
const HelloReply = defineMessage('hello.v1.HelloReply', { message: field(1, 'string') })
const Greeter = defineService({ name: 'hello.v1.Greeter', methods: { sayHello: unary(HelloRequest, HelloReply) } })

// The service, over gRPC and HTTP/JSON, on free ports.
const app = createApp({
  name: 'greeter',
  services: [implement(Greeter, { sayHello: ({ name }) => ({ message: `Hello ${name}` }) })],
  servers: [grpc(), http()],
})
const { servers } = await app.start()

// The client: the same contract, typed.
for (const { port, url } of servers) {
  const greeter = createClient(Greeter, { target: `${url.split(':')[0]}://127.0.0.1:${port}` })
  console.log((await greeter.sayHello({ name: 'Ada' })).message)
  await greeter[Symbol.asyncDispose]()
}
await app.stop()
