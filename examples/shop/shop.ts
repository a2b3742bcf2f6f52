import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SignJWT } from 'jose'
import type { Instance, Registry } from 'tierkit/registry'
import type { Fleet } from './fleet.js'

/** The running system, as the acts of the demo see it. */
export interface Shop {
  readonly fleet: Fleet
  readonly registry: Registry
  /** Folder with logs and spans. */
  readonly folder: string
  /** Where the gateway listens: `http://127.0.0.1:38231`. */
  readonly gateway: string
  /** A token that the gateway accepts. */
  readonly token: string
}

/** Something that the demo claims of the system, and whether it held. */
export interface Claim {
  readonly text: string
  readonly held: boolean
  readonly seen: string
}

/** How placing an order went. */
export interface Placed {
  readonly orderId: string
  readonly ok: boolean
  readonly httpStatus: number
  readonly state: string
  readonly reservedBy: string
}

/** Signs a token as the shop's login would. */
export function signToken(secret: string): Promise<string> {
  return new SignJWT({ scope: 'orders' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('ada')
    .setIssuer('https://shop.example')
    .setAudience('shop')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret))
}

/** Places an order as a browser would: JSON over HTTP, through the gateway. */
export async function placeOrder(shop: Shop, headers: Readonly<Record<string, string>> = {}): Promise<Placed> {
  const orderId = randomUUID()
  const response = await fetch(`${shop.gateway}/v1/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${shop.token}`, ...headers },
    body: JSON.stringify({ orderId, sku: 'teapot', quantity: 1 }),
  })
  const order = (await response.json()) as { state?: string; reservedBy?: string }
  const { state = '', reservedBy = '' } = order
  return { orderId, ok: response.ok, httpStatus: response.status, state, reservedBy }
}

/** Places `count` orders, some at a time, telling of each as it ends. */
export async function placeOrders(
  shop: Shop,
  count: number,
  each: (placed: Placed, done: number) => void = () => {},
): Promise<readonly Placed[]> {
  const results: Placed[] = []
  let begun = 0
  const customer = async (): Promise<void> => {
    while (begun < count) {
      begun += 1
      const placed = await placeOrder(shop)
      results.push(placed)
      each(placed, results.length)
    }
  }
  await Promise.all(Array.from({ length: 12 }, customer))
  return results
}

/** Looks again and again until something is there; fails, saying what was missing, after `timeoutMs`. */
export async function until<T>(what: string, look: () => Promise<T | undefined>, timeoutMs = 20_000): Promise<T> {
  const end = performance.now() + timeoutMs
  while (performance.now() < end) {
    const found = await look()
    if (found !== undefined) return found
    await sleep(50)
  }
  throw new Error(`waited ${timeoutMs / 1000} s in vain for ${what}`)
}

/** The instances of a service, as the registry has them now. */
export async function instancesOf(registry: Registry, service: string): Promise<readonly Instance[]> {
  const controller = new AbortController()
  for await (const instances of registry.watch(service, controller.signal)) {
    controller.abort()
    return instances
  }
  return []
}

/** Where the admin port of a process is, as its log says: `http://127.0.0.1:41239`. */
export async function adminOf({ folder }: Shop, name: string): Promise<string> {
  return until(`the admin port of ${name}`, async () => {
    const log = await readFile(join(folder, `${name}.log`), 'utf8')
    return /"admin":"([^"]+)"/.exec(log)?.[1]
  })
}

/** Counts by a property. */
export function countBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1)
  return counts
}
