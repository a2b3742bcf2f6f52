import {
  content,
  continuation,
  frame,
  goaway,
  headers,
  ping,
  priority,
  rstStream,
  settings,
  settingsAck,
  windowUpdate,
} from '../peer/frames.js'
import {
  block,
  huffman,
  indexed,
  indexing,
  indexingNamed,
  literal,
  requestTo,
  tableSize,
} from '../peer/hpack-writer.js'
import type { Role } from '../peer/peer.js'
import type { Random } from '../peer/random.js'
import { type Act, acts, type Step } from './step.js'

interface Talk {
  readonly role: Role
  readonly random: Random
  /** Streams that were opened, and whether more may be sent on them. */
  readonly streams: { readonly id: number; begun: boolean; ended: boolean }[]
  /** The table that the machine allows, until a block signalled it. */
  table: number | undefined
}

const one = <T>(random: Random, from: readonly T[]): T => from[random(from.length)] as T

/** Fields of every encoding, mostly right. */
function fields({ random }: Talk): number[] {
  const some: (() => number[])[] = [
    () => literal('a', 'b'.repeat(random(40))),
    () => indexing(`x-${random(3)}`, 'v'.repeat(random(60))),
    () => indexingNamed(19 + random(50), 'named'),
    () => indexed(1 + random(random(8) === 0 ? 70 : 61)),
    () => [0x40, ...huffman(`h${random(9)}`), ...huffman('coded value')],
    () =>
      literal(
        one(random, ['te', 'content-length', 'connection', 'Upper', 'grpc-timeout']),
        one(random, ['trailers', '3', '0', 'x']),
      ),
  ]
  return Array.from({ length: random(4) }, () => one(random, some)()).flat()
}

/** A header block as one frame or several. */
function blockFrames(talk: Talk, id: number, bytes: readonly number[], end: boolean): Uint8Array[] {
  const { random } = talk
  const size = talk.table ?? (random(20) === 0 ? random(4500) : undefined)
  talk.table = undefined
  const all = [...(size === undefined ? [] : tableSize(size)), ...bytes]
  const pad = random(8) === 0 ? { pad: random(20) } : {}
  const depends = random(8) === 0 ? { dependsOn: random(9) } : {}
  if (random(5) > 0) return [headers(id, all, { end, ...pad, ...depends })]
  const cut = random(all.length + 1)
  const again = cut + random(all.length - cut + 1)
  return [
    headers(id, all.slice(0, cut), { end, last: false, ...pad, ...depends }),
    continuation(id, all.slice(cut, again), false),
    continuation(id, all.slice(again)),
  ]
}

/** A new request; on a client, the act of asking for it. */
function open(talk: Talk): Step[] {
  const { role, random, streams } = talk
  const id = (streams.at(-1)?.id ?? -1) + 2
  const ended = random(2) === 0
  streams.push({ id, begun: role === 'server', ended: role === 'server' && ended })
  if (role === 'client') return [{ kind: 'request', which: 0, amount: random(2) }]
  const path = requestTo(one(random, ['/echo', '/hold']))
  return blockFrames(talk, id, [...path, ...fields(talk)], ended)
}

/** The next frames on a stream that is open. */
function goOn(talk: Talk): Step[] {
  const { random, streams } = talk
  const stream = one(random, streams)
  if (stream === undefined || stream.ended) return open(talk)
  if (!stream.begun) {
    const status = random(6) === 0 ? '103' : '200'
    stream.begun = status === '200'
    return blockFrames(talk, stream.id, [...block([':status', status]), ...fields(talk)], false)
  }
  stream.ended = random(3) === 0
  if (stream.ended && random(2) === 0) return blockFrames(talk, stream.id, fields(talk), true)
  const pad = random(6) === 0 ? { pad: random(30) } : {}
  return [content(stream.id, 'x'.repeat(random(one(random, [30, 30, 100, 9000]))), { end: stream.ended, ...pad })]
}

/** A frame about the connection, or about streams as a whole. */
function control({ random, streams }: Talk): Step[] {
  const id = one(random, streams)?.id
  const onStream: (() => Uint8Array)[] =
    id === undefined
      ? []
      : [
          () => windowUpdate(id, 1 + random(5000)),
          () => windowUpdate(id, random(20)),
          () => rstStream(id, random(15)),
          () => content(id, '', { end: random(2) === 0 }),
        ]
  const some: (() => Uint8Array)[] = [
    ...onStream,
    () =>
      settings(...one(random, [[4, random(70_000)], [5, 16_384 + random(100)], [1, random(5000)], [3, random(9)], []])),
    () => settingsAck(),
    () => ping(),
    () => ping('machine!', true),
    () => windowUpdate(0, 1 + random(5000)),
    () => priority(1 + random(9), random(9)),
    () => frame({ type: 10 + random(200), flags: random(256), stream: random(5) }, 'x'.repeat(random(20))),
    () => (random(4) === 0 ? goaway(random(9), random(3)) : ping()),
  ]
  return [one(random, some)()]
}

/** An act; those that end things are rare. */
export function act(random: Random): Act {
  const kind = random(12) === 0 ? one(random, acts) : one(random, acts.slice(0, 13))
  return { kind, which: random(8), amount: random(random(6) === 0 ? 5000 : 60) }
}

/** A conversation that is right, or nearly so. */
export function talk(role: Role, random: Random, table: number | undefined): Step[] {
  const state: Talk = { role, random, streams: [], table }
  const steps: Step[] = []
  for (let count = 4 + random(20); count > 0; count -= 1) {
    const turn = random(10)
    if (turn < 3) steps.push(...open(state))
    else if (turn < 6) steps.push(...goOn(state))
    else if (turn < 8) steps.push(...control(state))
    else steps.push(act(random))
  }
  return steps
}
