import { libraries } from './libraries.mjs'
import { greeting, order } from './samples.mjs'

// node cost.mjs LIBRARY OPERATION MESSAGE MS: prints how many messages a second of CPU time.
const [library, operation, name, ms] = process.argv.slice(2)
const WARM = 20_000

/** What the operations are given: the bytes and the text are of tierkit, and the same for all. */
async function inputsOf(message, sample) {
  const own = await libraries.tierkit(message)
  const bytes = new Uint8Array(own.encode(sample))
  const text = own.toText(sample)
  const codec = await libraries[library](message)
  const read = codec.message(sample, bytes)
  const inputs = { encode: read, decode: bytes, toText: read, fromText: text }
  check(codec, inputs)
  return { codec, inputs }
}

/** That the library writes what it was given: a codec that leaves something out is no peer. */
function check(codec, { encode, decode, toText, fromText }) {
  const size = codec.encode(encode).length
  if (size !== decode.length) throw new Error(`${library} writes ${size} bytes in place of ${decode.length}`)
  if (!codec.toText) return
  const same = JSON.stringify(JSON.parse(codec.toText(toText))) === JSON.stringify(JSON.parse(fromText))
  if (!same) throw new Error(`${library} writes other JSON: ${codec.toText(toText)}`)
}

function times(run, count) {
  let last
  for (let n = 0; n < count; n += 1) last = run()
  return last
}

// A process reads and writes messages of several types, so all that the library does is warm before one thing is measured.
const all = [await inputsOf('Greeting', greeting), await inputsOf('Order', order)]
for (const { codec, inputs } of [...all, ...all])
  for (const each of Object.keys(inputs)) if (codec[each]) times(() => codec[each](inputs[each]), WARM)

const { codec, inputs } = all[name === 'Greeting' ? 0 : 1]
const input = inputs[operation]
// Text that is put together lazily costs the rest when it is sent.
const run = operation === 'toText' ? (message) => Buffer.from(codec.toText(message)) : codec[operation]
let done = 0
const start = performance.now()
const cpu = process.cpuUsage()
while (performance.now() - start < Number(ms)) {
  times(() => run(input), 1_000)
  done += 1_000
}
const { user, system } = process.cpuUsage(cpu)
// By the CPU time that it took: other work on the machine costs a codec no messages.
console.log(Math.round((done * 1e6) / (user + system)))
