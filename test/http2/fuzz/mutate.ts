import { joined } from '../peer/frames.js'
import type { Random } from '../peer/random.js'
import type { Step } from './step.js'
import { act } from './talk.js'

const isBytes = (step: Step | undefined): step is Uint8Array => step instanceof Uint8Array

/** Another value for one byte. */
function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  if (at < copy.length) copy[at] = value & 255
  return copy
}

const garbage = (random: Random, length: number): Uint8Array => Uint8Array.from({ length }, () => random(256))

/** What can be done to one frame. */
const onFrame: readonly ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  (bytes, random) => {
    const at = random(bytes.length)
    return changed(bytes, at, (bytes[at] ?? 0) ^ (1 << random(8)))
  },
  (bytes, random) => changed(bytes, random(bytes.length), random(256)),
  // Length, type, flags and stream.
  (bytes, random) => changed(bytes, 2, (bytes[2] ?? 0) + random(9) - 4),
  (bytes, random) => changed(bytes, 1, random(80)),
  (bytes, random) => changed(bytes, 3, random(11)),
  (bytes, random) => changed(bytes, 4, random(256)),
  (bytes, random) => changed(bytes, 8, random(12)),
  (bytes, random) => bytes.slice(0, random(bytes.length)),
  (bytes, random) => joined([bytes, garbage(random, 1 + random(12))]),
  (bytes, random) => {
    const at = random(bytes.length)
    return joined([bytes.slice(0, at), garbage(random, 1 + random(4)), bytes.slice(at)])
  },
]

/** What can be done to the order of steps. */
const onOrder: readonly ((steps: Step[], at: number, random: Random) => void)[] = [
  (steps, at) => steps.splice(at, 0, ...steps.slice(at, at + 1)),
  (steps, at) => steps.splice(at, 1),
  (steps, at, random) => steps.splice(random(steps.length + 1), 0, ...steps.splice(at, 1)),
  // One frame within another, and an act in the middle of a frame.
  (steps, at, random) => within(steps, at, random, steps[random(steps.length)] ?? act(random)),
  (steps, at, random) => within(steps, at, random, act(random)),
  (steps, at, random) => steps.splice(at, 0, garbage(random, 1 + random(30))),
  (steps, at, random) => {
    for (let times = random(8); times > 0; times -= 1) steps.splice(at, 0, ...steps.slice(at, at + 1))
  },
]

function within(steps: Step[], at: number, random: Random, inner: Step): void {
  const outer = steps[at]
  if (!isBytes(outer)) return
  const cut = random(outer.length + 1)
  steps.splice(at, 1, outer.slice(0, cut), inner, outer.slice(cut))
}

/** Breaks a conversation in a few places. */
export function mutate(steps: Step[], random: Random): void {
  for (let count = 1 + random(3); count > 0; count -= 1) {
    const at = random(steps.length)
    const step = steps[at]
    if (isBytes(step) && step.length > 0 && random(3) > 0) {
      steps[at] = onFrame[random(onFrame.length)]?.(step, random) ?? step
    } else onOrder[random(onOrder.length)]?.(steps, at, random)
  }
}
