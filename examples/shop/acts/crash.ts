import { headline, line } from '../print.js'
import { type Claim, instancesOf, placeOrders, type Shop, until } from '../shop.js'

const ORDERS = 400

/** A process dies under load, and no customer notices. */
export async function crash(shop: Shop): Promise<Claim[]> {
  headline(`kill -9 of inventory-1, a quarter into ${ORDERS} orders`)
  const before = await instancesOf(shop.registry, 'inventory')
  const orders = await placeOrders(shop, ORDERS, (_, done) => {
    if (done === ORDERS / 4) {
      line(`killing pid ${shop.fleet.pid('inventory-1')}`)
      shop.fleet.crash('inventory-1')
    }
    if (done % 100 === 0) line(`${done} orders placed`)
  })
  const failed = orders.filter(({ ok }) => !ok)
  for (const { httpStatus } of failed.slice(0, 3)) line(`an order failed with HTTP ${httpStatus}`)
  const after = await until('the registry to drop the dead instance', async () => {
    const instances = await instancesOf(shop.registry, 'inventory')
    return instances.length < before.length ? instances : undefined
  })
  line(`the registry now has ${after.map(({ id }) => id).join(', ')}`)
  return [
    {
      text: 'no order failed when a process died',
      held: failed.length === 0,
      seen: `${failed.length} of ${ORDERS} failed`,
    },
    {
      text: 'the dead process left the registry',
      held: after.length === before.length - 1,
      seen: `${after.length} left`,
    },
  ]
}
