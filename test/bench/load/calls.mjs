import { setTimeout as delay } from 'node:timers/promises'

/** `SayHello` with name "world". */
export const sayHello = {
  path: '/bench.Greeter/SayHello',
  message: Buffer.from([10, 5, ...Buffer.from('world')]),
  /** Bytes of the reply with its gRPC frame. */
  replyBytes: 18,
}

/** `Watch` for messages that are `bytes` long when they are encoded; for 0, one empty message and then nothing. */
export function watch(bytes) {
  // The field and the length of its content are part of the message.
  const content = bytes === 0 ? 0 : bytes - (bytes < 130 ? 2 : bytes < 16_387 ? 3 : 4)
  return { path: '/bench.Greeter/Watch', message: Buffer.from(content === 0 ? [] : [8, ...varint(content)]) }
}

function varint(value) {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]
}

/** Lets load run for a second and then counts for `seconds`: prints what `count()` grew by, and the time that it took. */
export async function countFor(seconds, count, more = () => ({})) {
  await delay(1000)
  console.log('counting')
  const start = performance.now()
  const before = count()
  await delay(seconds * 1000)
  const took = (performance.now() - start) / 1000
  console.log(JSON.stringify({ count: count() - before, seconds: took, ...more() }))
  process.exit(0)
}
