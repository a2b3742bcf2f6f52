// Compiled by the tests in every way that decorators are compiled.
import type { Context, Middleware } from 'tierkit/endpoint'
import {
  defineService,
  field,
  message,
  oneof,
  rpc,
  serverStream,
  service,
  toService,
  unary,
  use,
} from 'tierkit/service'

/** What the middleware of this file saw, in order. */
export const trail: string[] = []

const note =
  (name: string): Middleware =>
  (next) =>
  (request, context) => {
    trail.push(name)
    return next(request, context)
  }

export const Status = { UNKNOWN: 0, OPEN: 1, SHIPPED: 2 } as const
export type Status = (typeof Status)[keyof typeof Status]

@message('shop.v1.Item')
export class Item {
  @field(1, 'string') sku = ''
  @field(2, 'int32') quantity = 0
  // Refers to a class that is defined later, and has one in its defaults that must not be mistaken for this one.
  @field(3, () => Order) order?: Order
  label? = new Label()
}

@message('shop.v1.Label', { reserved: [2, [4, 6], 'title'], comment: 'What is on it.', deprecated: true })
export class Label {
  @field(1, 'string', { comment: 'In words.', jsonName: 'words', options: { '(acme.shown)': true } }) text = 'label'
  @oneof({ red: field(3, 'bool', { deprecated: true }) }, { comment: 'If any.' }) colour?: {
    case: 'red'
    value: boolean
  }
}

class Entity {
  @field(1, 'string') id = ''
}

@message('shop.v1.Order')
export class Order extends Entity {
  @field(2, Item, { repeated: true }) items: readonly Item[] = []
  @field(3, Status) status: Status = Status.UNKNOWN
  @field(4, 'string', { optional: true }) note?: string
  @field(5, { map: ['string', 'int64'] }) totals: Record<string, bigint> = {}
  @oneof({ email: field(6, 'string'), phone: field(7, 'uint32') })
  contact?: { case: 'email'; value: string } | { case: 'phone'; value: number }
  @field(8, 'google.protobuf.Timestamp') placed?: { seconds: bigint; nanos: number }
}

export const Orders = defineService({
  name: 'shop.v1.Orders',
  methods: { place: unary(Order, Order), watch: serverStream(Order, Item) },
})

/** Serves a contract. */
@use(note('class'))
@service(Orders)
export class OrderService {
  readonly #prefix: string

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  @use(note('outer'), note('middle'))
  @rpc()
  @use(note('inner'))
  async place(request: Order, _context: Context): Promise<Order> {
    return { ...request, id: this.#prefix + request.id }
  }

  @rpc('Watch')
  async *stream(request: Order): AsyncGenerator<Item> {
    yield* request.items
  }
}

/** Is its own contract. */
@service('shop.v1.Stock', { comment: 'What is there.', options: { '(acme.owner)': 'stock' } })
export class StockService {
  readonly stock = new Map<string, number>()

  @rpc({
    request: Item,
    response: Item,
    idempotency: 'idempotent',
    http: { method: 'PUT', path: '/v1/stock', body: '*' },
  })
  put(item: Item): Item {
    this.stock.set(item.sku, item.quantity)
    return item
  }

  @rpc({ request: Order, response: Item, kind: 'server_stream', name: 'WatchStock' })
  async *watch(order: Order): AsyncGenerator<Item> {
    for (const { sku } of order.items) yield { sku, quantity: this.stock.get(sku) ?? 0 }
  }
}

/** Inherits handlers, overrides one, and adds middleware. */
@use(note('subclass'))
export class LoudOrderService extends OrderService {
  @use(note('loud'))
  override async place(request: Order, context: Context): Promise<Order> {
    const order = await super.place(request, context)
    return { ...order, id: order.id.toUpperCase() }
  }
}

@service(Orders)
class ForgetfulService {
  @rpc()
  plaice(): void {}

  watch(): AsyncGenerator<Item> {
    throw new Error('never called')
  }

  @use(note('idle'))
  idle(): void {}
}

@service(Orders)
class DoubleService {
  @rpc()
  async place(request: Order): Promise<Order> {
    return request
  }

  @rpc('Place')
  async placeToo(request: Order): Promise<Order> {
    return request
  }

  @rpc({ request: Order, response: Item, kind: 'server_stream' })
  async *watch(request: Order): AsyncGenerator<Item> {
    yield* request.items
  }
}

@service('shop.v1.Vague')
class VagueService {
  @rpc()
  place(): void {}
}

class Undecorated {
  @rpc()
  place(): void {}
}

@service('shop.v1.Empty')
class EmptyService {}

@message('shop.v1.Clash')
class Clash {
  @field(1, 'string') a = ''
  @field(1, 'string') b = ''
}

@message('shop.v1.Reused', { reserved: [[3, 5], 'title'] })
class Reused {
  @field(4, 'string') a = ''
  @field(6, 'string') title = ''
}

/** Things that must fail when they start. */
export const failures: Record<string, () => unknown> = {
  forgetful: () => toService(new ForgetfulService()),
  double: () => toService(new DoubleService()),
  vague: () => toService(new VagueService()),
  undecorated: () => toService(new Undecorated()),
  empty: () => toService(new EmptyService()),
  clash: () => unary(Clash, Clash),
  reused: () => unary(Reused, Reused),
  class: () => toService(OrderService),
  plain: () => unary(Undecorated, Undecorated),
  static: () => {
    class Misplaced {
      id = ''
      @rpc()
      static place(): void {}
    }
    return Misplaced
  },
  staticField: () => {
    class Misplaced {
      name = ''
      @field(1, 'string') static id = ''
    }
    return Misplaced
  },
}

/** Things that must not compile. */
export function wrongTypes(): unknown {
  // @ts-expect-error the response of `place` is no order
  @service(Orders)
  class WrongResponse {
    @rpc()
    async place(request: Order): Promise<string> {
      return request.id
    }
  }

  @service('shop.v1.Wrong')
  class WrongMessages {
    // @ts-expect-error the handler returns no item
    @rpc({ request: Order, response: Item })
    async place(_request: Order): Promise<number> {
      return 1
    }

    // @ts-expect-error a stream of responses needs an AsyncIterable
    @rpc({ request: Order, response: Item, kind: 'server_stream' })
    async watch(_request: Order): Promise<Item> {
      return new Item()
    }
  }

  class WrongField {
    // @ts-expect-error the field is text
    @field(1, 'string') id = 7

    // @ts-expect-error there is no such type
    @field(2, 'text') name = ''
  }

  // @ts-expect-error a message is made without arguments
  @message('shop.v1.Needy')
  class Needy {
    constructor(readonly_: string) {
      trail.push(readonly_)
    }
  }

  return [WrongResponse, WrongMessages, WrongField, Needy]
}
