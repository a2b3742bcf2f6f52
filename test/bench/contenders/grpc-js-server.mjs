import { Server, ServerCredentials } from '@grpc/grpc-js'
import { greeter } from './greeter.mjs'

const server = new Server()
server.addService(greeter, {
  sayHello: (call, callback) => callback(null, { message: `Hello ${call.request.name}` }),
})
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error
  console.log(`listening ${port}`)
})
