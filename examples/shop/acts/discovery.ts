import { headline, line, table } from '../print.js'
import { type Claim, instancesOf, placeOrder, type Shop, until } from '../shop.js'

const expected = { gateway: 1, orders: 1, inventory: 3, payments: 1 }

/** Everything finds everything through the registry. */
export async function discovery(shop: Shop): Promise<Claim[]> {
  headline('The registry: who is there')
  const found = await Promise.all(Object.keys(expected).map((service) => instancesOf(shop.registry, service)))
  const rows = found.flat().map(({ name, id, version, endpoints }) => [name, id, version, endpoints.join(' ')])
  table(['service', 'instance', 'version', 'endpoints'], rows)
  const first = await until('a first order', async () => {
    const placed = await placeOrder(shop)
    return placed.ok ? placed : undefined
  })
  const { httpStatus } = await placeOrder(shop, { authorization: 'Bearer nonsense' })
  line(`a first order: ${first.state}; without a valid token: HTTP ${httpStatus}`)
  return [
    { text: 'six processes found each other', held: rows.length === 6, seen: `${rows.length} instances` },
    { text: 'no token, no order', held: httpStatus === 401, seen: `HTTP ${httpStatus}` },
  ]
}
