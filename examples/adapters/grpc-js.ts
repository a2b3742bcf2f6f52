/** A service as @grpc/proto-loader loads it for grpc-js: implemented here, and called by the client that grpc-js makes of it. */
import { fileURLToPath } from 'node:url'
import { credentials, loadPackageDefinition, type ServiceClientConstructor } from '@grpc/grpc-js'
import { load } from '@grpc/proto-loader'
import { createApp, implement, serve } from 'tierkit'
import { fromGrpcJs } from 'tierkit/service'

interface Hello {
  text: string
}
const definition = await load(fileURLToPath(new URL('../browser/page/greeter.proto', import.meta.url)))
const { v1 } = loadPackageDefinition(definition).greeter as unknown as { v1: { Greeter: ServiceClientConstructor } }
const Greeter = fromGrpcJs(v1.Greeter.service)

const greeter = implement(Greeter, {
  sayHello: ({ text }: Hello) => ({ text: `Hello ${text}` }),
  async greetAll(requests: AsyncIterable<Hello>) {
    const names: string[] = []
    for await (const { text } of requests) names.push(text)
    return { text: `Hello ${names.join(' and ')}` }
  },
  async *countDown({ text }: Hello) {
    for (let n = Number(text); n > 0; n -= 1) yield { text: String(n) }
  },
  chat: (requests: AsyncIterable<Hello>) => requests,
})

const app = createApp({ name: 'greeter', services: [greeter], servers: [serve({ host: '127.0.0.1' })] })
const [server] = (await app.start()).servers

const client = new v1.Greeter(`127.0.0.1:${server?.port}`, credentials.createInsecure())
for await (const { text } of client.countDown!({ text: '2' }) as AsyncIterable<Hello>) console.log('grpc-js:', text)
client.close()

// The contract came along with the definition, so that the service has JSON too.
const url = `http://127.0.0.1:${server?.port}/greeter.v1.Greeter/SayHello`
const headers = { 'content-type': 'application/json' }
const json = await fetch(url, { method: 'POST', headers, body: '{"text":"Ada"}' })
console.log('JSON:', await json.json())

await app.stop()
