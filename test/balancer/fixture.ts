import type { Balancer, Node, Pick } from 'tierkit/balancer'
import { Context, type MethodKind, type Outcome } from 'tierkit/endpoint'
import { Code, type ErrorCode, RpcError } from 'tierkit/error'
import type { Clock } from '../../src/resilience/clock.js'

const codec = { typeName: 'Any' } as never

/** A context as a client has it. */
export function clientContext(clock?: Clock, kind: MethodKind = 'unary'): Context {
  const method = {
    service: 'test.Service',
    name: 'Call',
    path: '/test.Service/Call',
    kind,
    idempotency: 'unknown',
    request: codec,
    response: codec,
    http: [],
  } as const
  return new Context({ method, side: 'client', clock })
}

/** A node by its name. */
export function node(id: string, facts: { weight?: number; version?: string; zone?: string } = {}): Node {
  const { weight = 100, version = '1.0.0', zone } = facts
  const url = `grpc://${id}:9000`
  return { instance: { id, name: 'test', version, metadata: zone ? { zone } : {}, endpoints: [url] }, url, weight }
}

/** Several nodes, `n0`, `n1` and so on, of the given weights. */
export function nodes(...weights: number[]): Node[] {
  return weights.map((weight, index) => node(`n${index}`, { weight }))
}

export const ok = (durationMs = 1): Outcome => ({ code: Code.OK, error: undefined, durationMs })
export const failed = (code: ErrorCode, durationMs = 1): Outcome => ({
  code,
  error: new RpcError(code, 'no'),
  durationMs,
})

/** A source of chance that says the same in every run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Picks that must be there. */
export function pickFrom(balancer: Balancer, context: Context = clientContext()): Pick {
  const pick = balancer.pick(context)
  if (!pick) throw new Error('nothing was picked')
  return pick
}

/** Names of the nodes of `count` picks, each done before the next. */
export function picked(balancer: Balancer, count: number, context: Context = clientContext()): string[] {
  return Array.from({ length: count }, () => {
    const pick = pickFrom(balancer, context)
    pick.done(ok())
    return pick.node.instance.id
  })
}

/** How often each name occurs. */
export function tally(ids: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const id of ids) counts[id] = (counts[id] ?? 0) + 1
  return counts
}
