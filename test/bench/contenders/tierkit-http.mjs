import { bindings, implement, parseProto } from 'tierkit/service'
import { httpServer } from 'tierkit/transport/http'

const Greeter = parseProto(`syntax = "proto3"; package bench;
  service Greeter { rpc SayHello(HelloRequest) returns (HelloReply); }
  message HelloRequest { string name = 1; } message HelloReply { string message = 1; }`).service('bench.Greeter')
const service = implement(Greeter, { sayHello: async ({ name }) => ({ message: `Hello ${name}` }) })
const { port } = await httpServer({ host: '127.0.0.1', port: 0 }).listen(bindings([service]))
console.log(`listening ${port}`)
