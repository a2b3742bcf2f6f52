import { inTurn } from '../measure/compare.mjs'
import { runToEnd } from '../measure/process.mjs'

const BINARY = ['ts-proto', 'protobuf-es'].map((peer) => ({ peer, ratio: 1.5 }))
const JSON_TEXT = [{ peer: 'protobuf-es', ratio: 1 }]
/** The operations, and the libraries that have them. */
const OPERATIONS = [
  { operation: 'encode', name: 'to bytes', libraries: ['ts-proto', 'protobuf-es', 'tierkit'], goals: BINARY },
  { operation: 'decode', name: 'from bytes', libraries: ['ts-proto', 'protobuf-es', 'tierkit'], goals: BINARY },
  { operation: 'toText', name: 'to JSON', libraries: ['protobuf-es', 'tierkit'], goals: JSON_TEXT },
  { operation: 'fromText', name: 'from JSON', libraries: ['protobuf-es', 'tierkit'], goals: JSON_TEXT },
]

/** Messages a second of CPU time, of one library in a process of its own. */
async function speed(library, operation, { message, ms }) {
  return Number(await runToEnd('node', ['messages/cost.mjs', library, operation, message, String(ms)]))
}

function contenders({ operation, name, libraries, goals }, { message, ms }) {
  const called = (library) => `${library}: ${message} ${name}`
  return libraries.map((library) => ({
    name: called(library),
    peer: called('protobuf-es'),
    goals: library === 'tierkit' ? goals.map(({ peer, ratio }) => ({ peer: called(peer), ratio })) : [],
    measure: () => speed(library, operation, { message, ms }),
  }))
}

export default {
  name: 'codec',
  what: 'messages a second of CPU time, of 850 bytes (Order) and of 9 (Greeting), into bytes and JSON text and back',
  async run({ rounds, seconds }) {
    const results = []
    for (const message of ['Order', 'Greeting'])
      for (const operation of OPERATIONS) {
        const all = contenders(operation, { message, ms: seconds * 250 })
        results.push(...(await inTurn(all, { rounds, unit: 'messages/s' })))
      }
    return results
  },
}
