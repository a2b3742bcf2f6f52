import { createClient } from 'tierkit'
import { Greeter } from './generated/greeter_pb.js'

await using greeter = createClient(Greeter, { target: process.env.GREETER ?? 'grpc://127.0.0.1:8080' })
console.log((await greeter.sayHello({ name: 'Ada' })).message)
