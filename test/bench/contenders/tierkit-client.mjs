import { leastRequest } from 'tierkit/balancer'
import { closeClient, createChannel, createClient } from 'tierkit/client'
import { parseProto } from 'tierkit/service'
import { callRate } from './call-rate.mjs'
import { proto } from './contract.mjs'
import { engineOf } from './engine.mjs'

// Arguments: port, seconds, engine, mode. `bare` is one channel and no middleware; `chain` is discovery, balancing by two
// choices and the middleware that a client has by default, retry and breaker among it.
const [port, seconds, engine, mode] = process.argv.slice(2)
const { makeChannel } = await engineOf(engine)
const Greeter = parseProto(proto).service('bench.Greeter')
const target = `static:///127.0.0.1:${port}`
const client =
  mode === 'chain'
    ? createClient(Greeter, {
        channel: createChannel({ target, balancer: leastRequest(), transports: { grpc: (url) => makeChannel(url) } }),
      })
    : createClient(Greeter, { channel: makeChannel(`grpc://127.0.0.1:${port}`), middleware: [] })
await callRate(() => client.sayHello({ name: 'world' }), Number(seconds))
await closeClient(client)
process.exit(0)
