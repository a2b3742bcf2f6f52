import { Client, credentials } from '@grpc/grpc-js'
import { callRate } from './call-rate.mjs'
import { greeter } from './greeter.mjs'

const [port, seconds] = process.argv.slice(2)
const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
const { path, requestSerialize, responseDeserialize } = greeter.sayHello
const call = () =>
  new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { name: 'world' }, (error, reply) =>
      error ? reject(error) : resolve(reply),
    )
  })
await callRate(call, Number(seconds))
client.close()
