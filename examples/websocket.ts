/** A chat both ways over a WebSocket: as a page does it, and by a client over http://. */
import { once } from 'node:events'
import { createApp, createClient, http } from 'tierkit'
import { WebSocket } from 'ws'
import { Greeter } from './greeter/contract.js'
import { greeter } from './greeter/service.js'

const app = createApp({ name: 'greeter', services: [greeter], servers: [http({ host: '127.0.0.1' })] })
const [server] = (await app.start()).servers
const url = server?.url ?? ''

// A page has this class built in, and sends its token as the protocol `tierkit.bearer.TOKEN`.
const socket = new WebSocket(`${url.replace('http', 'ws')}/greeter.v1.Greeter/Chat`, ['tierkit.json'])
socket.onopen = () => {
  socket.send(JSON.stringify({ text: 'one' }))
  socket.send(JSON.stringify({ text: 'two' }))
  socket.send('') // no more requests
}
socket.onmessage = ({ data }) => console.log('page:', String(data))
const [code] = await once(socket, 'close')
console.log('page: closed with', code)

const client = createClient(Greeter, { target: url })
for await (const { text } of client.chat([{ text: 'three' }])) console.log('client:', text)

await client[Symbol.asyncDispose]()
await app.stop()
