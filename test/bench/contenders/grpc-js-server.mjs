import { Server, ServerCredentials } from '@grpc/grpc-js'
import { answerMemory } from './answer-memory.mjs'
import { greeter } from './greeter.mjs'

const sayHello = (call, callback) => callback(null, { message: `Hello ${call.request.name}` })

function watch(call) {
  const message = { content: Buffer.alloc(call.request.size) }
  let gone = false
  call.on('cancelled', () => {
    gone = true
  })
  const send = () => {
    while (!gone) {
      if (call.write(message)) continue
      call.once('drain', send)
      return
    }
  }
  if (call.request.size === 0) call.write(message)
  else send()
}

const server = new Server()
server.addService(greeter, { sayHello, watch })
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error
  console.log(`listening ${port}`)
})
answerMemory()
