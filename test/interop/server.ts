/** The server of gRPC's interoperability tests: `npm run interop:server -- --port=N [--use_tls=true] [--engine=fast]`. */
import { bindings } from 'tierkit'
import { recover } from 'tierkit/middleware'
import { serverCert, serverKey } from '../fixtures/certificates.js'
import { engineOf, readArguments, yes } from './arguments.js'
import { echoMetadata, testService } from './service.js'

const { port = '0', use_tls, engine } = readArguments(['port', 'use_tls', 'engine'])

const tls = yes(use_tls) ? { key: serverKey, cert: serverCert } : undefined
const server = engineOf(engine).server({ port: Number(port), tls })
const address = await server.listen(bindings([testService], recover(), echoMetadata))
console.log(`listening ${address.port}`)

const stop = async (): Promise<void> => {
  await server.drain(1000)
  await server.close()
  process.exit(0)
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
