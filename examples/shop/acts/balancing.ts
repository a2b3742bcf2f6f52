import { bar, headline, line, table } from '../print.js'
import { type Claim, countBy, placeOrder, placeOrders, type Shop, until } from '../shop.js'

const ORDERS = 300

/** Reads order events off the gateway until it is told to stop, as a browser's `EventSource` does. */
function watchOrders(shop: Shop) {
  const controller = new AbortController()
  const seen = new Set<string>()
  const read = async (): Promise<void> => {
    const { body } = await fetch(`${shop.gateway}/v1/orders:watch`, {
      headers: { authorization: `Bearer ${shop.token}`, accept: 'text/event-stream' },
      signal: controller.signal,
    })
    let rest = ''
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const [, orderId] of lines.join().matchAll(/"orderId":"([^"]+)"/g)) seen.add(orderId ?? '')
    }
  }
  const reading = read().catch(() => {})
  return {
    seen,
    async stop() {
      controller.abort()
      await reading
    },
  }
}

/** The balancer learns which instance is slow, and a stream tells of every order. */
export async function balancing(shop: Shop): Promise<Claim[]> {
  headline(`${ORDERS} orders through the gateway, twelve at a time; inventory-3 is slow`)
  const watch = watchOrders(shop)
  // What was placed before the stream stands is not told of.
  await until('the first event', async () => {
    await placeOrder(shop)
    return watch.seen.size > 0 || undefined
  })
  const orders = await placeOrders(shop, ORDERS, (_, done) => done % 100 === 0 && line(`${done} orders placed`))
  const told = (): number => orders.filter(({ orderId }) => watch.seen.has(orderId)).length
  await until('the last events', async () => told() === ORDERS || undefined, 2000).catch(() => {})
  await watch.stop()
  const events = told()
  const counts = countBy(orders, ({ reservedBy }) => reservedBy)
  const rows = [...counts].sort().map(([name, count]) => [name, String(count), bar(count / ORDERS)])
  table(['reserved by', 'orders', 'share'], rows)
  const paid = orders.filter(({ state }) => state === 'ORDER_STATE_PAID').length
  const slow = counts.get('inventory-3') ?? 0
  line(`${events} order events arrived on the watching stream meanwhile`)
  return [
    { text: 'every order was paid', held: paid === ORDERS, seen: `${paid} of ${ORDERS}` },
    { text: 'the slow instance got less than half its share', held: slow < ORDERS / 6, seen: `${slow} of ${ORDERS}` },
    { text: 'the stream told of every order', held: events === ORDERS, seen: `${events} events` },
  ]
}
