import { inTurn, median } from '../measure/compare.mjs'
import { runToEnd } from '../measure/process.mjs'

const REPEATS = 7

/** Milliseconds from start to end of a process that imports something. */
async function processMs(text) {
  const times = []
  for (let n = 0; n < REPEATS; n += 1) {
    const start = performance.now()
    await runToEnd('node', ['--input-type=module', '-e', text])
    times.push(performance.now() - start)
  }
  return median(times)
}

export default {
  name: 'import',
  what: 'ms of a process that imports a package and ends',
  run({ rounds }) {
    const importing = (name, goals) => ({ name, goals, measure: () => processMs(`import '${name}'`) })
    const bare = { name: 'bare node', measure: () => processMs('') }
    const contenders = [
      bare,
      importing('tierkit', [{ peer: 'bare node', over: 40 }]),
      importing('@grpc/grpc-js'),
      importing('nice-grpc'),
      importing('fastify'),
    ]
    return inTurn(contenders, { rounds, peer: 'bare node', better: 'less', unit: 'ms' })
  },
}
