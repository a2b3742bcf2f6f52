/** A stock grpc-js program: its handlers stay as they are, tierkit's middleware goes around them. */
import {
  Client,
  credentials,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { rateLimit, recover } from 'tierkit/middleware'
import { wrapGrpcHandlers } from 'tierkit/transport/grpc-js'

const text = { serialize: (value: string) => Buffer.from(value), deserialize: (bytes: Buffer) => bytes.toString() }
const definition: ServiceDefinition = {
  sayHello: {
    path: '/stock.Greeter/SayHello',
    requestStream: false,
    responseStream: false,
    requestSerialize: text.serialize,
    requestDeserialize: text.deserialize,
    responseSerialize: text.serialize,
    responseDeserialize: text.deserialize,
  },
}
const sayHello: handleUnaryCall<string, string> = (call, callback) => callback(null, `Hello ${call.request}`)
const existing: UntypedServiceImplementation = { sayHello }

const server = new Server()
// The one changed line: it was server.addService(definition, existing).
server.addService(definition, wrapGrpcHandlers(existing, recover(), rateLimit({ perSecond: 1, burst: 2 })))

const port = await new Promise<number>((resolve, reject) => {
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
    error ? reject(error) : resolve(bound),
  )
})
const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
for (const name of ['Ada', 'Bob', 'Eve']) {
  await new Promise<void>((resolve) => {
    const { serialize, deserialize } = text
    client.makeUnaryRequest('/stock.Greeter/SayHello', serialize, deserialize, name, (error, reply) => {
      console.log(error ? `code ${error.code}: ${error.details}` : reply)
      resolve()
    })
  })
}
client.close()
server.forceShutdown()
