import { EventEmitter, on } from 'node:events'
import { createClient, grpc, implement } from 'tierkit'
import { peakEwma } from 'tierkit/balancer'
import { standard } from 'tierkit/middleware'
import {
  Inventory,
  type Order,
  OrderState,
  Orders,
  type PaymentInit,
  Payments,
  ShopErrors,
} from '../generated/shop_pb.js'
import { startRuntime } from './runtime.js'

const CENTS_PER_ITEM = 1999n
const LISTED = 20

const runtime = startRuntime()
const { registry } = runtime

// Slow instances get less: the balancer learns from every call. Retries go to another instance.
const inventory = createClient(Inventory, { target: 'discovery:///inventory', registry, balancer: peakEwma() })

// A payment that cannot be made now is made later: the order goes on, and payments are left alone while they fail.
const payLater: PaymentInit = { state: OrderState.PAYMENT_PENDING }
const payments = createClient(Payments, {
  target: 'discovery:///payments',
  registry,
  middleware: standard({
    side: 'client',
    circuitBreaker: {
      windowMs: 500,
      volumeThreshold: 5,
      resetTimeoutMs: 1000,
      fallback: () => payLater,
      onStateChange: ({ from, to }) => runtime.logger.warn({ from, to }, 'the breaker of payments changed'),
    },
  }),
})

const placed = new Map<string, Order>()
const changes = new EventEmitter<{ order: [Order] }>().setMaxListeners(0)

const orders = implement(Orders, {
  // What an order has to look like is in the contract: one that is not gets no further than the gateway.
  async placeOrder({ orderId, sku, quantity }) {
    const known = placed.get(orderId)
    if (known?.sku === sku && known.quantity === quantity) return known
    if (known) throw ShopErrors.ORDER_ID_TAKEN()
    const { instance } = await inventory.reserve({ orderId, sku, quantity })
    const cents = CENTS_PER_ITEM * BigInt(quantity)
    const { state } = await payments.charge({ orderId, cents })
    const order: Order = { orderId, sku, quantity, cents, state, reservedBy: instance }
    placed.set(orderId, order)
    changes.emit('order', order)
    return order
  },

  getOrder({ orderId }) {
    const order = placed.get(orderId)
    if (!order) throw ShopErrors.ORDER_NOT_FOUND(`there is no order ${orderId}`, { metadata: { orderId } })
    return order
  },

  listOrders({ state, limit }) {
    const newestFirst = [...placed.values()].reverse()
    const wanted = newestFirst.filter((order) => state === OrderState.UNSPECIFIED || order.state === state)
    return { orders: wanted.slice(0, limit || LISTED) }
  },

  async *watchOrders(_, { signal }) {
    for await (const [order] of on(changes, 'order', { signal })) yield { order }
  },
})

await runtime.run({ name: 'orders', services: [orders], servers: [grpc({ host: '127.0.0.1', port: 0 })] })
