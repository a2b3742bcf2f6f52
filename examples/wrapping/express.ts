/** A stock Express program: one handler guarded. */
import type { AddressInfo } from 'node:net'
import express from 'express'
import { rateLimit } from 'tierkit/middleware'
import { wrapHttpHandler } from 'tierkit/transport/http'

const orders: express.RequestHandler = (_request, response) => {
  response.json([{ id: '7' }])
}

const app = express()
// It was app.get('/orders', orders).
app.get('/orders', wrapHttpHandler(orders, rateLimit({ perSecond: 1, burst: 1 })))

const server = app.listen(0, '127.0.0.1')
await new Promise((resolve) => server.once('listening', resolve))
const { port } = server.address() as AddressInfo
for (const _ of ['first', 'second']) {
  const response = await fetch(`http://127.0.0.1:${port}/orders`)
  console.log(response.status, await response.text())
}
server.closeAllConnections()
server.close()
