import { createServer } from 'nice-grpc'
import { unaryGreeter } from './greeter.mjs'

const server = createServer()
server.add(unaryGreeter, { sayHello: async ({ name }) => ({ message: `Hello ${name}` }) })
console.log(`listening ${await server.listen('127.0.0.1:0')}`)
