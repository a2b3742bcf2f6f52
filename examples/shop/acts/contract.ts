import { randomUUID } from 'node:crypto'
import { closeClient, createClient } from 'tierkit'
import { Orders, PlaceOrderRequest, ShopErrors } from '../generated/shop_pb.js'
import { byConnect, byGrpcWeb } from '../page.js'
import { headline, line } from '../print.js'
import { adminOf, type Claim, placeOrder, type Shop } from '../shop.js'

/** What REST answers: an order, a list of them, or a `google.rpc.Status`. */
interface Answer {
  readonly orderId?: string
  readonly orders?: readonly { readonly orderId: string }[]
  readonly message?: string
  readonly details?: readonly { reason?: string; fieldViolations?: readonly { field: string; description: string }[] }[]
}

async function rest(shop: Shop, path: string, body?: object): Promise<{ status: number; answer: Answer }> {
  const headers = { authorization: `Bearer ${shop.token}`, 'content-type': 'application/json' }
  const request = body ? { method: 'POST', body: JSON.stringify(body), headers } : { headers }
  const response = await fetch(`${shop.gateway}${path}`, request)
  return { status: response.status, answer: (await response.json()) as Answer }
}

const reasonOf = ({ details = [] }: Answer): string | undefined => details.find(({ reason }) => reason)?.reason

/** The rules of the contract hold at the border. */
async function rules(shop: Shop): Promise<Claim> {
  const { status, answer } = await rest(shop, '/v1/orders', { orderId: randomUUID(), quantity: 0 })
  const violations = answer.details?.flatMap(({ fieldViolations = [] }) => fieldViolations) ?? []
  for (const { field, description } of violations) line(`HTTP ${status}: ${field} ${description}`)
  const fields = violations.map(({ field }) => field).sort()
  const held = status === 400 && fields.join() === 'quantity,sku'
  return {
    text: 'the contract refused an order, field by field',
    held,
    seen: `HTTP ${status}, ${fields.join(' and ')}`,
  }
}

/** Reasons of the contract reach callers, from whichever service they come. */
async function reasons(shop: Shop): Promise<Claim[]> {
  const sku = 'unicorn'
  const lost = await rest(shop, `/v1/orders/${randomUUID()}`)
  const odd = await rest(shop, '/v1/orders', { orderId: randomUUID(), sku, quantity: 1 })
  for (const { status, answer } of [lost, odd]) line(`HTTP ${status} ${reasonOf(answer)}: ${answer.message}`)

  const orders = createClient(Orders, { target: 'discovery:///orders', registry: shop.registry })
  const error: unknown = await orders.getOrder({ orderId: 'x' }).catch((thrown: unknown) => thrown)
  await closeClient(orders)
  const known = ShopErrors.ORDER_NOT_FOUND.is(error)
  return [
    {
      text: 'an unknown order is 404, with its reason',
      held: lost.status === 404 && reasonOf(lost.answer) === ShopErrors.ORDER_NOT_FOUND.reason,
      seen: `HTTP ${lost.status} ${reasonOf(lost.answer)}`,
    },
    {
      text: 'a reason of inventory came through two services',
      held: odd.status === 422 && reasonOf(odd.answer) === ShopErrors.SKU_UNKNOWN.reason,
      seen: `HTTP ${odd.status} ${reasonOf(odd.answer)}`,
    },
    { text: 'a typed client knows the reason again', held: known, seen: known ? error.reason : String(error) },
  ]
}

/** One service, whatever its callers speak. */
async function protocols(shop: Shop): Promise<Claim> {
  const { orderId } = await placeOrder(shop)
  const seen = {
    REST: (await rest(shop, `/v1/orders/${orderId}`)).answer.orderId,
    'REST with a query': (await rest(shop, '/v1/orders?limit=1')).answer.orders?.[0]?.orderId,
    Connect: await byConnect(shop, orderId),
    'gRPC-Web': await byGrpcWeb(shop, orderId),
  }
  for (const [protocol, id] of Object.entries(seen)) line(`${protocol.padEnd(17)} order ${id}`)
  const same = Object.values(seen).filter((id) => id === orderId).length
  return { text: 'REST, Connect and gRPC-Web gave one order', held: same === 4, seen: `${same} of 4` }
}

/** An OpenAPI document, as far as it is looked at here. */
interface OpenApi {
  readonly paths: Readonly<Record<string, object>>
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly properties: Readonly<Record<string, { maximum?: number }>> }>>
  }
}

/** The routes and the rules are an OpenAPI document, too. */
async function openApi(shop: Shop): Promise<Claim> {
  const url = `${await adminOf(shop, 'gateway')}/openapi.json`
  const { paths, components } = (await (await fetch(url)).json()) as OpenApi
  const most = components.schemas[PlaceOrderRequest.typeName]?.properties.quantity?.maximum
  const routes = Object.keys(paths)
  line(`${url} tells of ${routes.join(', ')}`)
  const held = routes.includes('/v1/orders:watch') && most === 100
  return {
    text: 'OpenAPI tells of the routes and their rules',
    held,
    seen: `${routes.length} paths, quantity to ${most}`,
  }
}

/** What the contract says, seen from outside. */
export async function contract(shop: Shop): Promise<Claim[]> {
  headline('The contract: its rules, its reasons, and one service in every protocol')
  return [await rules(shop), ...(await reasons(shop)), await protocols(shop), await openApi(shop)]
}
