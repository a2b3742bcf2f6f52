import { standard } from 'tierkit/middleware'
import { createLogger } from 'tierkit/observability'
import { bindings, implement, parseProto } from 'tierkit/service'
import { grpcJsServer } from 'tierkit/transport/grpc-js'

// `bare`, or `chain` for the middleware that a server has when it names none, logging failures only.
const [mode] = process.argv.slice(2)
const Greeter = parseProto(`syntax = "proto3"; package bench;
  service Greeter { rpc SayHello(HelloRequest) returns (HelloReply); }
  message HelloRequest { string name = 1; } message HelloReply { string message = 1; }`).service('bench.Greeter')
const service = implement(Greeter, { sayHello: async ({ name }) => ({ message: `Hello ${name}` }) })
const middleware =
  mode === 'chain' ? standard({ side: 'server', logging: { logger: createLogger({ level: 'warn' }) } }) : []
const server = grpcJsServer({ host: '127.0.0.1', port: 0 })
const { port } = await server.listen(bindings([service], ...middleware))
console.log(`listening ${port}`)
