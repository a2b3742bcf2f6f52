import { grpc, implement } from 'tierkit'
import { OrderState, Payments, ShopErrors } from '../generated/shop_pb.js'
import { startRuntime } from './runtime.js'

const runtime = startRuntime()
let failing = false
let charges = 0n

const payments = implement(Payments, {
  charge() {
    charges += 1n
    if (failing) throw ShopErrors.CARD_NETWORK_DOWN()
    return { state: OrderState.PAID }
  },
  setFailing(request) {
    failing = request.failing
    return { failing, charges }
  },
})

await runtime.run({ name: 'payments', services: [payments], servers: [grpc({ host: '127.0.0.1', port: 0 })] })
