import { GetOrderRequest, Order, Orders } from './generated/shop_pb.js'
import type { Shop } from './shop.js'

/** What a page of the shop sends to the gateway for GetOrder, with what its browser adds. */
function post(shop: Shop, headers: Readonly<Record<string, string>>, body: string | Uint8Array): Promise<Response> {
  const page = { origin: 'https://shop.example', authorization: `Bearer ${shop.token}` }
  const url = `${shop.gateway}/${Orders.name}/GetOrder`
  return fetch(url, { method: 'POST', headers: { ...page, ...headers }, body: Buffer.from(body) })
}

/** The id of an order as a page gets it over Connect. */
export async function byConnect(shop: Shop, orderId: string): Promise<string | undefined> {
  const headers = { 'content-type': 'application/json', 'connect-protocol-version': '1' }
  const response = await post(shop, headers, JSON.stringify({ orderId }))
  return ((await response.json()) as { orderId?: string }).orderId
}

/** The id of an order as a page gets it over gRPC-Web: a flag, the length in four bytes, the message; then the trailers. */
export async function byGrpcWeb(shop: Shop, orderId: string): Promise<string | undefined> {
  const message = GetOrderRequest.encode({ orderId })
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  const headers = { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1' }
  const response = await post(shop, headers, Buffer.concat([head, message]))
  const answer = Buffer.from(await response.arrayBuffer())
  const failed = answer.length < 5 || answer[0] !== 0
  return failed ? undefined : Order.decode(answer.subarray(5, 5 + answer.readUInt32BE(1))).orderId
}
