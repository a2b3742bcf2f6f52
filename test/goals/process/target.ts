// A server in a process of its own, on tierkit's own HTTP/2, that tells what it holds. See target-process.ts.
import { bindings } from 'tierkit'
import { bulkhead, recover } from 'tierkit/middleware'
import { grpcServer } from 'tierkit/transport/grpc'
import type { TargetOptions, TargetReply, TargetRequest } from './target-process.js'
import { traffic } from './traffic.js'
import { VitalSigns } from './vitals.js'

const { concurrent, http, ...options } = JSON.parse(process.argv[2] ?? '{}') as TargetOptions
const served = bindings([traffic], recover(), ...(concurrent ? [bulkhead({ concurrent })] : []))
const grpc = grpcServer({ host: '127.0.0.1', ...options })
const reply = (message: TargetReply): void => void process.send?.(message)
const signs = new VitalSigns()

process.on('message', (request: TargetRequest) => {
  if (request === 'reset') signs.reset()
  reply({ vitals: signs.read() })
})
async function serveHttp(): Promise<string> {
  const { httpServer } = await import('tierkit/transport/http')
  return (await httpServer({ host: '127.0.0.1' }).listen(served)).url
}

process.once('disconnect', () => process.exit(0))
const { url } = await grpc.listen(served)
reply({ url, httpUrl: http ? await serveHttp() : '' })
