import { randomBytes } from 'node:crypto'
import { headline, line } from '../print.js'
import { type Claim, placeOrder, type Shop, until } from '../shop.js'
import { drawTree, logsOf, spansOf } from '../trace.js'

const SERVICES = ['gateway', 'inventory', 'orders', 'payments']

/** One order as one trace through four processes, with the log lines that belong to it. */
export async function tracing(shop: Shop): Promise<Claim[]> {
  const traceId = randomBytes(16).toString('hex')
  headline(`One order as one trace: ${traceId}`)
  await placeOrder(shop, { traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` })
  const servicesOf = (records: readonly { process: string }[]): string[] =>
    [...new Set(records.map(({ process }) => process.replace(/-\d+$/, '')))].sort()
  const complete = (records: readonly { process: string }[]): boolean => servicesOf(records).join() === SERVICES.join()

  const spans = await until('the spans of all four services', async () => {
    const written = await spansOf(shop.folder, traceId)
    return complete(written) && written.length >= 7 ? written : undefined
  })
  for (const drawn of drawTree(spans)) line(drawn)
  const logs = await until('the log lines of all four services', async () => {
    const written = await logsOf(shop.folder, traceId)
    return complete(written) ? written : undefined
  })
  line('and the log lines that carry its id:')
  for (const { process, record } of logs) {
    line(`${process.padEnd(13)} ${record['grpc.service']}/${record['grpc.method']} ${record['grpc.code']}`)
  }
  const roots = spans.filter(({ parentSpanId }) => !spans.some(({ spanId }) => spanId === parentSpanId))
  return [
    {
      text: 'one trace spans the four services',
      held: roots.length === 1,
      seen: `${spans.length} spans, ${roots.length} root`,
    },
    { text: 'their log lines carry its id', held: logs.length >= SERVICES.length, seen: `${logs.length} lines` },
  ]
}
