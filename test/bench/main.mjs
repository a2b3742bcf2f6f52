import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { printResults } from './measure/print.mjs'
import chain from './rows/chain.mjs'
import codec from './rows/codec.mjs'
import compile from './rows/compile.mjs'
import { ENGINES } from './rows/contenders.mjs'
import endToEnd from './rows/end-to-end.mjs'
import http from './rows/http.mjs'
import idleStreams from './rows/idle-streams.mjs'
import imports from './rows/import.mjs'
import latency from './rows/latency.mjs'
import pick from './rows/pick.mjs'
import rest from './rows/rest.mjs'
import streaming from './rows/streaming.mjs'
import unaryClient from './rows/unary-client.mjs'
import unaryServer from './rows/unary-server.mjs'

const rows = [
  unaryServer,
  unaryClient,
  endToEnd,
  latency,
  streaming,
  idleStreams,
  chain,
  pick,
  codec,
  http,
  rest,
  compile,
  imports,
]
const usage = [
  'usage: npm run bench [-- ROW… --engine ENGINE --json FILE --rounds N --seconds N]',
  `rows: ${rows.map(({ name }) => name).join(', ')}; all by default`,
  `engines of tierkit: ${ENGINES.join(', ')}; all by default`,
].join('\n')

function readArguments(args) {
  const options = { names: [], json: undefined, engine: undefined, rounds: 5, seconds: 4 }
  // `--engine=fast` is the same as `--engine fast`.
  const words = args.flatMap((value) => (value.startsWith('--') ? value.split(/=(.*)/s, 2) : [value]))
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]
    if (word === '--json') options.json = words[++at]
    else if (word === '--engine') options.engine = words[++at]
    else if (word === '--rounds') options.rounds = Number(words[++at])
    else if (word === '--seconds') options.seconds = Number(words[++at])
    else if (rows.some(({ name }) => name === word)) options.names.push(word)
    else refuse(`${word} is no row`)
  }
  check(options)
  return options
}

function check({ engine, rounds, seconds }) {
  if (engine !== undefined && !ENGINES.includes(engine)) refuse(`${engine} is no engine`)
  if (!(Number.isInteger(rounds) && rounds > 0)) refuse('--rounds must be a whole number above 0')
  if (!(seconds > 0)) refuse('--seconds must be above 0')
}

function refuse(text) {
  console.error(`${text}\n${usage}`)
  process.exit(2)
}

const options = readArguments(process.argv.slice(2))
console.log(`node ${process.version}, ${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown kind'}`)
const all = []
for (const row of rows.filter(({ name }) => options.names.length === 0 || options.names.includes(name))) {
  console.log(`\n${row.name}: ${row.what}`)
  const results = await row.run(options)
  printResults(results)
  all.push({ row: row.name, what: row.what, results })
}
if (options.json) writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`)
