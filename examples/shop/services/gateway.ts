import { createClient, http, implement } from 'tierkit'
import { jwt, standard } from 'tierkit/middleware'
import { Orders } from '../generated/shop_pb.js'
import { startRuntime } from './runtime.js'

const runtime = startRuntime()
const orders = createClient(Orders, { target: 'discovery:///orders', registry: runtime.registry })

// The same contract on the outside: a client is all that a gateway needs as its implementation.
const gateway = implement(Orders, {
  placeOrder: (request) => orders.placeOrder(request),
  getOrder: (request) => orders.getOrder(request),
  listOrders: (request) => orders.listOrders(request),
  watchOrders: (request) => orders.watchOrders(request),
})

const { SHOP_JWT_SECRET: secret = '', SHOP_PORT: port = '0' } = process.env
await runtime.run({
  name: 'gateway',
  services: [gateway],
  // Programs speak REST, pages of the shop gRPC-Web or Connect, on the one port.
  servers: [http({ host: '127.0.0.1', port: Number(port), cors: { origins: ['https://shop.example'] } })],
  openApi: {
    title: 'Shop',
    security: { schemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  },
  middleware: standard({
    logger: runtime.logger,
    authenticate: jwt({ secret, issuer: 'https://shop.example', audience: 'shop' }),
  }),
})
