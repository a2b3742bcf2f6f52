/** gRPC, and JSON over HTTP/1.1 and HTTP/2, on one port. */
import { once } from 'node:events'
import { connect } from 'node:http2'
import { text } from 'node:stream/consumers'
import { createApp, createClient, serve } from 'tierkit'
import { Greeter } from './greeter/contract.js'
import { greeter } from './greeter/service.js'

const app = createApp({ name: 'greeter', services: [greeter], servers: [serve({ host: '127.0.0.1' })] })
const { servers } = await app.start()
const { port } = servers[0] ?? {}
console.log('registered as:', app.instance.endpoints.map((url) => url.replace(/:\d+$/, '')).join(' and '))

const client = createClient(Greeter, { target: `grpc://127.0.0.1:${port}` })
console.log('gRPC:', (await client.sayHello({ text: 'Ada' })).text)

const response = await fetch(`http://127.0.0.1:${port}/v1/hello/Ada`)
console.log('HTTP/1.1:', await response.json())

const session = connect(`http://127.0.0.1:${port}`)
const unary = session.request({ ':path': '/v1/hello/Ada' })
console.log('HTTP/2:', JSON.parse(await text(unary)))

const events = session.request({
  ':method': 'POST',
  ':path': '/greeter.v1.Greeter/CountDown',
  'content-type': 'application/json',
  accept: 'text/event-stream',
})
events.end('{"text":"2"}')
console.log('as events:', (await text(events)).match(/data: .*/g))

const left = once(session, 'close')
await client[Symbol.asyncDispose]()
await app.stop()
await left
console.log('drained')
