/**
 * Runs the tests of goals by the numbers of docs/goals.md: `npm run goals -- 42 43 --full`. All of them without a number;
 * with `--full` in the length and with the figures that the goals name.
 */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { rows } from './rows.js'

const { values, positionals } = parseArgs({ options: { full: { type: 'boolean' } }, allowPositionals: true })
const wanted = positionals.length > 0 ? positionals : Object.keys(rows)
const unknown = wanted.filter((row) => !(row in rows))
if (unknown.length > 0) {
  console.error(`there is no goal ${unknown.join(', ')}; there are ${Object.keys(rows).join(', ')}`)
  process.exit(2)
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const vitest = join(dirname(fileURLToPath(import.meta.resolve('vitest/package.json'))), 'vitest.mjs')
const files = [...new Set(wanted.flatMap((row) => rows[row] ?? []))]
const env = { ...process.env, ...(values.full && { GOALS: 'full' }) }
// One after the other: figures are of no use when tests take time from each other.
const args = [vitest, 'run', '--no-file-parallelism', '--reporter=verbose', ...files]
process.exitCode = spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' }).status ?? 1
