import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import chain from './rows/chain.mjs'
import endToEnd from './rows/end-to-end.mjs'
import http from './rows/http.mjs'
import imports from './rows/import.mjs'
import pick from './rows/pick.mjs'
import unaryClient from './rows/unary-client.mjs'
import unaryServer from './rows/unary-server.mjs'

const rows = [unaryServer, unaryClient, endToEnd, chain, pick, http, imports]
const usage = `usage: npm run bench [-- ROW… --json FILE --rounds N --seconds N]\nrows: ${rows.map(({ name }) => name).join(', ')}`

function readArguments(args) {
  const options = { names: [], json: undefined, rounds: 5, seconds: 4 }
  for (let at = 0; at < args.length; at += 1) {
    const value = args[at]
    if (value === '--json') options.json = args[++at]
    else if (value === '--rounds') options.rounds = Number(args[++at])
    else if (value === '--seconds') options.seconds = Number(args[++at])
    else if (rows.some(({ name }) => name === value)) options.names.push(value)
    else {
      console.error(`${value} is no row\n${usage}`)
      process.exit(2)
    }
  }
  return options
}

function print({ name, peer, unit, value, ratio, min, max, goal }) {
  const amount = value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
  const against = name === peer ? '' : `${ratio.toFixed(2)}× ${peer} (${min.toFixed(2)}–${max.toFixed(2)})`
  const verdict = goal === undefined ? '' : `${ratio >= goal ? 'meets' : 'MISSES'} ≥ ${goal}×`
  console.log(`  ${name.padEnd(34)} ${`${amount} ${unit}`.padStart(18)}  ${against.padEnd(42)} ${verdict}`)
}

const options = readArguments(process.argv.slice(2))
console.log(`node ${process.version}, ${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown kind'}`)
const all = []
for (const row of rows.filter(({ name }) => options.names.length === 0 || options.names.includes(name))) {
  console.log(`\n${row.name}: ${row.what}`)
  const results = await row.run(options)
  for (const result of results) print(result)
  all.push({ row: row.name, what: row.what, results })
}
if (options.json) writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`)
