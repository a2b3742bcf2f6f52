import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { closeClient, createClient } from 'tierkit'
import { Payments } from '../generated/shop_pb.js'
import { headline, line } from '../print.js'
import { type Claim, countBy, placeOrder, placeOrders, type Shop, until } from '../shop.js'

// Several times as many as fail before the window of the breaker has forgotten what succeeded.
const ORDERS = 500
const PENDING = 'ORDER_STATE_PAYMENT_PENDING'
const PAID = 'ORDER_STATE_PAID'

/** What the breaker of the orders service said of itself. */
async function transitions(shop: Shop): Promise<string[]> {
  const log = await readFile(join(shop.folder, 'orders.log'), 'utf8')
  return [...log.matchAll(/"from":"(\w+)","to":"(\w+)"/g)].map(([, from, to]) => `${from} -> ${to}`)
}

/** Payments fail: the breaker opens, the fallback serves, and it closes again when they work. */
export async function breaker(shop: Shop): Promise<Claim[]> {
  headline(`Payments fail: ${ORDERS} orders go on, to be paid later`)
  const payments = createClient(Payments, { target: 'discovery:///payments', registry: shop.registry })
  const before = await payments.setFailing({ failing: true })
  const orders = await placeOrders(shop, ORDERS)
  const states = countBy(orders, ({ ok, state }) => (ok ? state : 'failed'))
  line([...states].map(([state, count]) => `${count} ${state}`).join(', '))

  const { charges } = await payments.setFailing({ failing: false })
  const reached = Number(charges - before.charges)
  line(`${reached} of ${ORDERS} charges reached the failing service; now it works again`)
  await until('the breaker to close', async () => {
    const { state } = await placeOrder(shop)
    return state === PAID || undefined
  })
  const steps = await until('the breaker to say so', async () => {
    const seen = await transitions(shop)
    return seen.at(-1)?.endsWith('-> closed') ? seen : undefined
  })
  line(`the breaker went ${steps.join(', ')}`)
  await closeClient(payments)
  return [
    {
      text: 'orders went on while payments failed',
      held: states.get(PENDING) === ORDERS,
      seen: `${states.get(PENDING) ?? 0} of ${ORDERS} pending`,
    },
    { text: 'failing payments were left alone', held: reached < ORDERS / 2, seen: `${reached} charges of ${ORDERS}` },
    { text: 'the breaker opened and closed again', held: steps.length >= 3, seen: `${steps.length} transitions` },
  ]
}
