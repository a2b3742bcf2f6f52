import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openRegistry } from 'tierkit/registry'
import { balancing } from './acts/balancing.js'
import { breaker } from './acts/breaker.js'
import { contract } from './acts/contract.js'
import { crash } from './acts/crash.js'
import { discovery } from './acts/discovery.js'
import { tracing } from './acts/tracing.js'
import { Fleet } from './fleet.js'
import { headline, line, table } from './print.js'
import { adminOf, type Claim, instancesOf, type Shop, signToken, until } from './shop.js'

const { values } = parseArgs({ options: { registry: { type: 'string' }, keep: { type: 'boolean' } } })

const giveUp = (): never => process.exit(1)

/** Starts the six processes of the shop and waits until the registry has them all. */
async function openShop(): Promise<Shop> {
  const folder = await mkdtemp(join(tmpdir(), 'tierkit-shop-'))
  const url = values.registry ?? `file://${join(folder, 'registry')}`
  headline(`Starting six processes, registry ${url}`)
  const secret = randomBytes(32).toString('hex')
  const fleet = new Fleet({ registry: url, folder })
  process.once('exit', () => fleet.crashAll())
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, giveUp)
  fleet.start('gateway', 'gateway', { SHOP_JWT_SECRET: secret })
  fleet.start('orders', 'orders')
  fleet.start('payments', 'payments')
  for (const n of [1, 2, 3]) fleet.start(`inventory-${n}`, 'inventory', { SHOP_DELAY_MS: n === 3 ? '80' : '2' })

  const registry = openRegistry(url)
  for (const [service, count] of [
    ['payments', 1],
    ['inventory', 3],
    ['orders', 1],
    ['gateway', 1],
  ] as const) {
    await until(
      `${count} of ${service}`,
      async () => (await instancesOf(registry, service)).length >= count || undefined,
    )
    line(`${service} ${count === 1 ? 'is' : 'are'} there`)
  }
  const [gateway] = await instancesOf(registry, 'gateway')
  return { fleet, registry, folder, gateway: gateway?.endpoints[0] ?? '', token: await signToken(secret) }
}

/** Stops every process, and claims that each ended as it should. */
async function closeShop({ fleet, registry }: Shop): Promise<Claim[]> {
  headline('Stopping: SIGTERM to all')
  const codes = await fleet.stop()
  await registry.close()
  const clean = [...codes.values()].filter((code) => code === 0).length
  return [
    { text: 'every process drained and exited with 0', held: clean === codes.size, seen: `${clean} of ${codes.size}` },
  ]
}

/** Leaves the system up and says what to try, until Ctrl-C. */
async function keepOpen(shop: Shop): Promise<void> {
  const registry = values.registry ?? `file://${join(shop.folder, 'registry')}`
  const auth = '-H "authorization: Bearer $TOKEN"'
  headline('The shop stays open; Ctrl-C closes it. To try:')
  line(`npm run -s tierkit -- instances ${registry} --watch`)
  line(`npm run -s tierkit -- describe ${registry}/orders shop.v1.Orders`)
  line(`npm run -s tierkit -- call ${registry}/orders shop.v1.Orders/ListOrders '{"limit":3}'`)
  line(`TOKEN=${shop.token}`)
  line(`curl ${auth} --json '{"orderId":"x","sku":"teapot","quantity":1}' ${shop.gateway}/v1/orders`)
  line(`curl ${auth} --json '{"orderId":"y","sku":"teapot","quantity":1000}' ${shop.gateway}/v1/orders  # 400, and why`)
  line(`curl ${auth} '${shop.gateway}/v1/orders?state=ORDER_STATE_PAYMENT_PENDING&limit=3'`)
  line(`curl ${auth} -H 'accept: text/event-stream' -N ${shop.gateway}/v1/orders:watch`)
  line(`curl ${await adminOf(shop, 'gateway')}/openapi.json`)
  line(`ls ${shop.folder}`)
  process.off('SIGINT', giveUp)
  // npm passes on what the terminal sends already: a second one changes nothing.
  await new Promise<void>((resolve) => process.on('SIGINT', resolve))
}

const shop = await openShop()
const claims: Claim[] = []
for (const act of [discovery, contract, balancing, crash, breaker, tracing]) claims.push(...(await act(shop)))
if (values.keep) await keepOpen(shop)
claims.push(...(await closeShop(shop)))

headline('What was claimed, and what was seen')
table(
  ['', 'claim', 'seen'],
  claims.map(({ held, text, seen }) => [held ? 'ok' : 'FAILED', text, seen]),
)
process.exitCode = claims.every(({ held }) => held) ? 0 : 1
line(process.exitCode === 0 ? 'every claim held' : `some did not: logs and spans are in ${shop.folder}`)
