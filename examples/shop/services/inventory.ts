import { setTimeout as sleep } from 'node:timers/promises'
import { grpc, implement } from 'tierkit'
import { Inventory, ShopErrors } from '../generated/shop_pb.js'
import { startRuntime } from './runtime.js'

const runtime = startRuntime()
const delayMs = Number(process.env.SHOP_DELAY_MS ?? 2)
const catalogue = new Set(['teapot', 'kettle', 'cup'])
const reserved = new Set<string>()

const inventory = implement(Inventory, {
  async reserve({ orderId, sku }, { signal }) {
    if (!catalogue.has(sku)) throw ShopErrors.SKU_UNKNOWN(`there is no ${sku}`, { metadata: { sku } })
    await sleep(delayMs, undefined, { signal })
    reserved.add(orderId)
    return { instance: runtime.name }
  },
})

await runtime.run({ name: 'inventory', services: [inventory], servers: [grpc({ host: '127.0.0.1', port: 0 })] })
