import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installed, startServer } from '../measure/process.mjs'

/** The peer that most goals name. */
export const GRPC_JS = '@grpc/grpc-js'

/** The engines of tierkit; all of them are measured unless one is asked for. */
export const ENGINES = ['fast', 'grpc-js']

const FOLDER = fileURLToPath(new URL('../go', import.meta.url))

/** Starts `node contenders/NAME.mjs ARGS`, which may be preceded by options of node. */
export const nodeServer = (name, ...args) => startServer('node', [`contenders/${name}.mjs`, ...args])

/** What each engine that was asked for, and that this build of tierkit has, is called. */
export function engines({ engine }) {
  const asked = engine ? [engine] : ENGINES
  return asked
    .filter((name) => name !== 'fast' || hasFastEngine())
    .map((name) => ({ engine: name, label: `tierkit ${name}` }))
}

function hasFastEngine() {
  try {
    import.meta.resolve('tierkit/transport/grpc')
    return true
  } catch {
    console.log('  tierkit fast: absent, this build has no tierkit/transport/grpc')
    return false
  }
}

/** How to start a server of tierkit. A mode with records writes them to standard output, which goes nowhere. */
export function tierkitServer(engine, mode) {
  if (mode !== 'records') return nodeServer('tierkit-server', engine, mode)
  const command = `exec node contenders/tierkit-server.mjs ${engine} ${mode} 3>&1 >/dev/null`
  return startServer('sh', ['-c', command])
}

let goProgram

/** How to start the Go peers by their mode, `grpc` or `kit`; nothing where they cannot be built, which it says. */
export function goPeer() {
  goProgram ??= buildGo()
  if (goProgram.path) return (mode) => startServer(goProgram.path, [mode])
  console.log(`  grpc-go, Go kit: absent, ${goProgram.trouble}`)
  return undefined
}

function buildGo() {
  if (!installed('go')) return { trouble: 'there is no go here' }
  const folder = mkdtempSync(join(tmpdir(), 'tierkit-bench-go-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'server')
  try {
    execFileSync('go', ['build', '-o', path, '.'], { cwd: FOLDER, stdio: ['ignore', 'ignore', 'inherit'] })
    return { path }
  } catch {
    return { trouble: 'it cannot be built' }
  }
}

/** A contender that starts a server, measures it and stops it. */
export function served(name, start, load, goals = []) {
  return {
    name,
    goals,
    async measure() {
      const server = await start()
      try {
        return await load(server)
      } finally {
        await server.stop()
      }
    },
  }
}
