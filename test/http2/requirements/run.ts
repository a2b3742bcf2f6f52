import { expect } from 'vitest'
import { headers, ping } from '../peer/frames.js'
import { request, response } from '../peer/hpack-writer.js'
import { Peer, type Role } from '../peer/peer.js'
import { openAs, type Reaction, type Requirement } from './case.js'

/** A stream that no requirement uses. */
const PROBE = 1_999_999
const QUESTION = 'alive?!?'

/** What became of a connection, in words that can be compared. */
export interface Outcome {
  readonly goaway: number | undefined
  readonly closed: boolean
  readonly resets: Readonly<Record<number, number>>
  readonly answersPing: boolean
  readonly servesNext: boolean
  readonly answered: readonly number[]
}

function exchange(peer: Peer): boolean {
  if (peer.role === 'server') {
    peer.send(headers(PROBE, request(), { end: true }))
    return peer.judge.said(PROBE).ended
  }
  if (peer.machine.closed || peer.client.capacity === 0) return false
  const { id } = peer.ask(true)
  peer.send(headers(id, response(), { end: true }))
  return peer.app.calls('headers', id).length === 1
}

/** How a requirement is played. */
export interface Way {
  /** The machine is given every byte by itself. */
  readonly bytewise: boolean
  /** A client sent all of its requests. */
  readonly ended: boolean
}

/** Plays a requirement to a new machine. */
export function play(requirement: Requirement, role: Role, { bytewise, ended }: Way): { peer: Peer; outcome: Outcome } {
  const { send, asked = 1, bare = false, options } = requirement
  const peer = new Peer({ role, bytewise, ...(options ? { options } : {}) })
  if (!bare) peer.greet()
  if (role === 'client' && !bare) for (let i = 0; i < asked; i += 1) peer.ask(ended)
  const frames = typeof send === 'function' ? send(openAs(role), role) : send
  peer.send(...frames)
  const { goaway, resets, answered } = seen(peer)
  peer.send(ping(QUESTION))
  const servesNext = exchange(peer)
  const answersPing = peer.judge.answers.includes(QUESTION)
  return { peer, outcome: { goaway, resets, answered, answersPing, servesNext, closed: peer.machine.closed } }
}

function seen(peer: Peer): Pick<Outcome, 'goaway' | 'resets' | 'answered'> {
  const resets: Record<number, number> = {}
  const answered: number[] = []
  for (const [id, said] of peer.judge.streams) {
    if (said.reset !== undefined) resets[id] = said.reset
    if (peer.role === 'server' && said.ended) answered.push(id)
  }
  if (peer.role === 'client') {
    const done = peer.app.heard.filter(({ call, end }) => call === 'trailers' || end === true)
    answered.push(...done.map((one) => one.stream))
  }
  return { goaway: peer.judge.goaways.at(-1)?.code, resets, answered }
}

function matches(outcome: Outcome, reaction: Reaction): boolean {
  const resets = Object.keys(outcome.resets)
  if (reaction.kind === 'closed') return outcome.closed && !outcome.answersPing
  if (reaction.kind === 'connection') {
    const { goaway, closed, answersPing } = outcome
    return goaway !== undefined && reaction.codes.includes(goaway) && closed && !answersPing
  }
  const lives = outcome.answersPing && outcome.goaway === undefined && !outcome.closed && outcome.servesNext
  if (reaction.kind === 'stream') {
    const code = outcome.resets[reaction.id]
    return lives && resets.length === 1 && code !== undefined && reaction.codes.includes(code)
  }
  const quiet = lives && resets.length === 0
  return reaction.kind === 'alive' ? quiet : quiet && outcome.answered.includes(reaction.id)
}

/** Holds a machine to a requirement, the bytes all at once and one by one. */
export function verify(requirement: Requirement, role: Role, ended = false): void {
  const expected = [requirement.expect].flat()
  const whole = play(requirement, role, { bytewise: false, ended })
  const cut = play(requirement, role, { bytewise: true, ended })
  for (const { peer, outcome } of [whole, cut]) {
    const right = expected.some((reaction) => matches(outcome, reaction))
    if (!right) expect.fail(`saw ${JSON.stringify(outcome)}, expected ${JSON.stringify(expected)}`)
    if (peer.machine.closed) expect(peer.app.calls('close'), 'onClose').toHaveLength(1)
    if (peer.machine.closed) expect(peer.timers.pending, 'timers that are left').toBe(0)
    expect(peer.violations).toEqual([])
    endsAgree(peer, outcome)
    requirement.also?.(peer)
  }
  expect(cut.outcome, 'the reaction to single bytes').toEqual(whole.outcome)
  expect(heard(cut.peer), 'what the application heard of single bytes').toEqual(heard(whole.peer))
}

/** What the application heard, content of a stream as one piece. */
function heard(peer: Peer): unknown[] {
  const merged: { call: string; stream: number; body?: string; end?: boolean }[] = []
  for (const one of peer.app.heard) {
    const last = merged.at(-1)
    if (one.call !== 'content' || last?.call !== 'content' || last.stream !== one.stream) merged.push({ ...one })
    else {
      last.body = `${last.body}${one.body}`
      last.end = one.end ?? false
    }
  }
  return merged
}

/** The application hears of each reset that the other side sees, with the same code, if it knew of the stream. */
function endsAgree(peer: Peer, outcome: Outcome): void {
  for (const [id, code] of Object.entries(outcome.resets)) {
    const known = peer.role === 'client' || peer.app.calls('stream', Number(id)).length > 0
    const complete = peer.app.heard.some((one) => one.stream === Number(id) && one.end === true)
    if (!known || (complete && peer.judge.said(Number(id)).ended)) continue
    const [ended] = peer.app.calls('end', Number(id))
    // Whoever was reset by the other side has heard of that, and hears nothing else.
    if (ended?.ended?.remote) continue
    expect(ended?.ended, `onEnd of stream ${id}`).toMatchObject({ code, remote: false })
  }
}
