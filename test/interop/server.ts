/** The server of gRPC's interoperability tests: `npm run interop:server -- --port=N [--use_tls=true] [--engine=grpc-js]`. */
import { bindings } from 'tierkit'
import { recover } from 'tierkit/middleware'
import { grpcJsServer } from 'tierkit/transport/grpc-js'
import { serverCert, serverKey } from '../fixtures/certificates.js'
import { checkEngine, readArguments, yes } from './arguments.js'
import { echoMetadata, testService } from './service.js'

const { port = '0', use_tls, engine } = readArguments(['port', 'use_tls', 'engine'])
checkEngine(engine)

const tls = yes(use_tls) ? { key: serverKey, cert: serverCert } : undefined
const server = grpcJsServer({ port: Number(port), tls })
const address = await server.listen(bindings([testService], recover(), echoMetadata))
console.log(`listening ${address.port}`)

const stop = async (): Promise<void> => {
  await server.drain(1000)
  await server.close()
  process.exit(0)
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
