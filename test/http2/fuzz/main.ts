import { parseArgs } from 'node:util'
import { check, show } from './check.js'

/** `npm run fuzz -- --inputs 1000000 --seed 7`, with `--from 250000` to go on there, and `--only 4711` to play one again. */
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    from: { type: 'string', default: '0' },
    only: { type: 'string' },
    failures: { type: 'string', default: '5' },
  },
})
const seed = Number(values.seed)
const first = Number(values.only ?? values.from)
const end = values.only === undefined ? Number(values.inputs) : first + 1
let failures = 0

for (let index = first; index < end && failures < Number(values.failures); index += 1) {
  const wrong = check(seed, index)
  if (index % 100_000 === 0) console.log(`seed ${seed}, input ${index} of ${end}`)
  if (wrong.length > 0) {
    failures += 1
    console.log(
      `\n${wrong.join('\n')}\n${show(seed, index)}\nplay it again: npm run fuzz -- --seed ${seed} --only ${index}`,
    )
  } else if (values.only !== undefined) console.log(show(seed, index))
}
console.log(failures === 0 ? `nothing wrong: seed ${seed}, inputs ${first} to ${end - 1}` : `${failures} failures`)
process.exitCode = failures === 0 ? 0 : 1
