/** The four kinds of call, cancellation, and a deadline that a stream obeys. */
import { createApp, createClient, grpc } from 'tierkit'
import { Greeter, type Hello } from './greeter/contract.js'
import { greeter } from './greeter/service.js'

const app = createApp({ name: 'greeter', services: [greeter], servers: [grpc({ host: '127.0.0.1' })] })
const { servers } = await app.start()
const client = createClient(Greeter, { target: servers[0]?.url ?? '' })

console.log('unary:', (await client.sayHello({ text: 'Ada' })).text)

// A client stream takes any iterable, of promises or not.
console.log('client stream:', (await client.greetAll([{ text: 'Ada' }, { text: 'Bob' }])).text)

for await (const { text } of client.countDown({ text: '3' })) console.log('server stream:', text)

// Leaving the loop cancels the call: the handler's generator is closed, and its signal aborts.
for await (const { text } of client.countDown({ text: '1000000' })) {
  console.log('left after:', text)
  break
}

async function* questions(): AsyncGenerator<Hello> {
  yield { text: 'one' }
  yield { text: 'two' }
}
for await (const { text } of client.chat(questions())) console.log('bidi stream:', text)

try {
  for await (const _ of client.countDown({ text: '1000000000' }, { timeoutMs: 50 }));
} catch (error) {
  console.log('deadline:', (error as Error).message)
}

await client[Symbol.asyncDispose]()
await app.stop()
