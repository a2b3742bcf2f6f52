/** The contract in code: messages, rules and a service; its `.proto` file for everyone else; and what a change would break. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createApp,
  createClient,
  defineEnum,
  defineMessage,
  defineService,
  field,
  grpc,
  implement,
  unary,
} from 'tierkit'
import { checkBreaking, writeProto } from 'tierkit/generate'
import { loadProto } from 'tierkit/service'

// 1. The contract: whatever a `.proto` file can say, code can.
const State = defineEnum(
  'orders.v1.OrderState',
  { UNSPECIFIED: 0, OPEN: 1, SENT: 2 },
  { prefix: 'ORDER_STATE_', values: { SENT: { comment: 'On its way.' } } },
)
const PlaceOrder = defineMessage('orders.v1.PlaceOrder', {
  sku: field(1, 'string', {
    comment: 'As in the catalogue.',
    options: { '(buf.validate.field)': { string: { min_len: 3, max_len: 20 } } },
  }),
  count: field(2, 'uint32'),
})
const Order = defineMessage(
  'orders.v1.Order',
  { id: field(1, 'string'), state: field(2, State), total: field(4, 'int64') },
  { comment: 'What a customer wants.', reserved: [3, 'price'] },
)
const Orders = defineService({
  name: 'orders.v1.Orders',
  comment: 'Takes orders.',
  methods: { place: unary(PlaceOrder, Order, { http: { method: 'POST', path: '/v1/orders', body: '*' } }) },
})

// 2. Its file, for callers in other languages: also `tierkit generate --from contract.ts --proto protos`.
const [file] = writeProto(Orders, { fileOptions: () => ({ go_package: 'acme.dev/gen/orders/v1;ordersv1' }) })
const folder = mkdtempSync(join(tmpdir(), 'code-first-'))
const path = join(folder, 'orders.proto')
writeFileSync(path, file?.text ?? '')
console.log(file?.path)
console.log(file?.text)

// 3. A service, called by the definition, and by someone who has nothing but the file.
const orders = implement(Orders, {
  place: ({ sku, count }) => ({ id: `${count} ${sku}`, state: State.OPEN, total: BigInt(count) * 5n }),
})
const app = createApp({ name: 'orders', services: [orders], servers: [grpc({ host: '127.0.0.1', port: 0 })] })
const { servers } = await app.start()
const target = `grpc://127.0.0.1:${servers[0]?.port}`
const client = createClient(Orders, { target })
console.log('by definition:', await client.place({ sku: 'pen', count: 3 }))
const other = createClient(loadProto(path).service('orders.v1.Orders'), { target })
console.log('by file:', await other.place?.({ sku: 'ink', count: 2 }))

// 4. A new version, held against the old one: also `tierkit check --against protos --from contract.ts`.
const Next = defineMessage('orders.v1.Order', {
  id: field(1, 'string'),
  state: field(2, State),
  total: field(4, 'string'),
})
for (const { fullName, text, categories } of checkBreaking([Order], [Next]))
  console.log(`${fullName}: ${text} (${categories.join(', ')})`)

await client[Symbol.asyncDispose]()
await other[Symbol.asyncDispose]()
await app.stop()
rmSync(folder, { recursive: true })
