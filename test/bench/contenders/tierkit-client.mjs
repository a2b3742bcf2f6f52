import { closeClient, createChannel, createClient } from 'tierkit/client'
import { parseProto } from 'tierkit/service'
import { grpcJsChannel } from 'tierkit/transport/grpc-js'
import { callRate } from './call-rate.mjs'

// `bare`: one channel, no middleware. `chain`: discovery, balancing and the middleware that a client has by default.
const [port, seconds, mode] = process.argv.slice(2)
const Greeter = parseProto(`syntax = "proto3"; package bench;
  service Greeter { rpc SayHello(HelloRequest) returns (HelloReply) { option idempotency_level = NO_SIDE_EFFECTS; } }
  message HelloRequest { string name = 1; } message HelloReply { string message = 1; }`).service('bench.Greeter')
const client =
  mode === 'chain'
    ? createClient(Greeter, { channel: createChannel({ target: `static:///127.0.0.1:${port}` }) })
    : createClient(Greeter, { channel: grpcJsChannel(`grpc://127.0.0.1:${port}`), middleware: [] })
await callRate(() => client.sayHello({ name: 'world' }), Number(seconds))
await closeClient(client)
process.exit(0)
