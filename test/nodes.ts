/** Runs the tests on other lines of Node, whose binaries npm carries: `npm run test:nodes [-- 22 24 26]`. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { arch, platform, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const lines = process.argv.slice(2)
const failed: string[] = []

for (const line of lines.length > 0 ? lines : ['22', '24', '26']) {
  const folder = mkdtempSync(join(tmpdir(), `tierkit-node-${line}-`))
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const binary = `node-${platform()}-${arch()}`
  const install = ['install', '--silent', '--no-save', '--prefix', folder, `${binary}@${line}`]
  spawnSync('npm', install, { cwd: folder, stdio: 'inherit' })
  const bin = join(folder, 'node_modules', binary, 'bin')
  // First on the path, so that the processes which tests start run on it too.
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` }
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  console.log(`\n=== Node ${spawnSync(join(bin, 'node'), ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? line}`)
  const { status } = spawnSync(join(bin, 'node'), [vitest, 'run'], { cwd: root, env, stdio: 'inherit' })
  if (status !== 0) failed.push(line)
  rmSync(folder, { recursive: true, force: true })
}

if (failed.length > 0) {
  console.error(`\nthe tests failed on Node ${failed.join(', ')}`)
  process.exitCode = 1
}
