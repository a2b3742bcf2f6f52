import { randomFrom } from '../peer/random.js'
import { inputOf } from './input.js'
import { cutsOf, Play } from './play.js'
import type { Input } from './step.js'

/** What is wrong with a machine after an input. */
function wrongs(play: Play, { options, role }: Input): string[] {
  const { peer, offered, received } = play
  const { machine, app, judge, timers } = peer
  const found = [...peer.violations]
  const streams = options.limits?.maxConcurrentStreams ?? 1000
  if (role === 'server' && machine.streamCount > streams) found.push(`${machine.streamCount} streams are kept`)
  const queued = app.open.reduce((sum, stream) => sum + stream.queuedBytes, 0)
  if (queued > offered) found.push(`${queued} bytes are queued`)
  if (!machine.closed && queued > (options.limits?.maxQueuedBytes ?? Infinity))
    found.push(`${queued} bytes may not be queued`)
  const written = judge.frames.reduce((sum, { payload }) => sum + payload.length + 9, 0)
  if (written > 1000 + offered + 4 * received) found.push(`${written} bytes are written for ${received}`)
  if (!machine.closed) return found
  if (app.calls('close').length !== 1) found.push('no onClose')
  if (machine.streamCount !== 0) found.push('streams are left')
  if (timers.pending !== 0) found.push('timers are left')
  return found
}

/** A frame in a line. */
const lines = (play: Play): string[] =>
  play.peer.judge.frames.map(
    ({ type, flags, stream, payload }) => `${type} ${flags} ${stream} ${Buffer.from(payload).toString('hex')}`,
  )

/** Where two lists differ first. */
function difference(what: string, a: readonly string[], b: readonly string[]): string[] {
  const at = a.findIndex((line, index) => line !== b[index])
  if (at < 0 && a.length === b.length) return []
  const first = at < 0 ? a.length : at
  return [`${what} ${first} is ${b[first]} where bytes come in pieces, ${a[first]} else`]
}

/** Plays an input whole and in pieces; what is wrong, if anything. */
export function check(seed: number, index: number): string[] {
  const input = inputOf(seed, index)
  try {
    const whole = new Play(input).run((left) => left)
    const wrong = wrongs(whole, input)
    if (wrong.length > 0) return wrong
    const pieces = new Play(input).run(cutsOf(randomFrom(index)))
    const wrongInPieces = wrongs(pieces, input).map((text) => `in pieces: ${text}`)
    // Output that is taken earlier may say more before the other side says stop.
    if (wrongInPieces.length > 0 || input.prompt) return wrongInPieces
    return [...difference('call', whole.trace, pieces.trace), ...difference('frame', lines(whole), lines(pieces))]
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)]
  }
}

/** An input for people to read: bytes in hex, acts by name. */
export function show(seed: number, index: number): string {
  const { role, options, eager, prompt, reactions, steps } = inputOf(seed, index)
  const how = JSON.stringify({ role, options, eager, prompt, reactions: [...reactions] })
  const text = steps.map((step) =>
    step instanceof Uint8Array ? Buffer.from(step).toString('hex') : `${step.kind} ${step.which} ${step.amount}`,
  )
  return [`seed ${seed} input ${index}: ${how}`, ...text].join('\n  ')
}
