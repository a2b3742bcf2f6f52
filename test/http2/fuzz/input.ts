import type { Http2Limits } from '../../../src/http2/options.js'
import { MAGIC, settings, settingsAck } from '../peer/frames.js'
import { type Random, randomFrom } from '../peer/random.js'
import { mutate } from './mutate.js'
import type { Act, Input, Step } from './step.js'
import { act, talk } from './talk.js'

const tight: Http2Limits = {
  maxConcurrentStreams: 3,
  maxHeaderListBytes: 400,
  maxHeaderFields: 9,
  maxContinuations: 2,
  headerTableBytes: 200,
  resetBurst: 3,
  resetsPerSecond: 1,
  idleFrameBurst: 8,
  idleFramesPerSecond: 1,
  maxQueuedBytes: 3000,
  stalledStreamMs: 500,
  handshakeMs: 1000,
}

/** One input of a seed. */
export function inputOf(seed: number, index: number): Input {
  const random = randomFrom(Math.imul(seed, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35))
  const role = random(2) === 0 ? 'server' : 'client'
  const limits = random(3) === 0 ? tight : {}
  const steps = [...greeting(role === 'server', random), ...talk(role, random, limits.headerTableBytes)]
  if (random(3) > 0) mutate(steps, random)
  const windows = random(4) === 0 ? { streamWindowBytes: 100, queueBytes: 50 } : {}
  const prompt = random(4) === 0
  const reactions = random(2) === 0 ? new Map<number, Act>() : reactionsOf(random)
  return { role, options: { limits, ...windows }, eager: random(2) === 0, prompt, reactions, steps }
}

/** Time does not pass, and output is not taken, while a call lasts. */
function reactionsOf(random: Random): Map<number, Act> {
  const some = Array.from({ length: 1 + random(5) }, (): [number, Act] => [random(16), act(random)])
  return new Map(some.filter(([, { kind }]) => kind !== 'wait' && kind !== 'take'))
}

function greeting(magic: boolean, random: Random): Step[] {
  const values = random(3) > 0 ? [] : [4, random(300)]
  return [...(magic ? [MAGIC] : []), settings(...values), settingsAck()]
}
