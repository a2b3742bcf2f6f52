/** A stock Fastify program: one handler guarded. */
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { rateLimit } from 'tierkit/middleware'
import { wrapHttpHandler } from 'tierkit/transport/http'

const orders = async (_request: FastifyRequest, _reply: FastifyReply) => [{ id: '7' }]

const app = Fastify({ forceCloseConnections: true })
// It was app.get('/orders', orders).
app.get('/orders', wrapHttpHandler(orders, rateLimit({ perSecond: 1, burst: 1 })))

const url = await app.listen({ host: '127.0.0.1', port: 0 })
for (const _ of ['first', 'second']) {
  const response = await fetch(`${url}/orders`)
  console.log(response.status, await response.text())
}
await app.close()
