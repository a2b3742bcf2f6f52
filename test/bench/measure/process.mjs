import { execFileSync, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { cpuMicrosOf } from './cpu-time.mjs'

const here = fileURLToPath(new URL('..', import.meta.url))
const SERVER_CORE = 0
const LOAD_CORE = 1

/** Whether a program is on the path. */
export function installed(program) {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const pinned = installed('taskset')

/** A command held to one core, where the machine can do that. The process keeps its id. */
function onCore(core, command, args) {
  return pinned ? ['taskset', ['-c', String(core), command, ...args]] : [command, args]
}

/** Starts a server on the core of servers; it prints `listening PORT` when it is ready. */
export async function startServer(command, args) {
  const server = start(SERVER_CORE, command, args)
  const port = Number(/^listening (\d+)/.exec(await server.nextLine())?.[1])
  return { ...server, port }
}

/** Starts a program that puts load on a server, on the core of load. */
export function startLoad(command, args) {
  return start(LOAD_CORE, command, args)
}

function start(core, command, args) {
  const [file, fileArgs] = onCore(core, command, args)
  const child = spawn(file, fileArgs, { cwd: here, stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  const stopped = new Promise((resolve) => child.once('exit', resolve))
  const nextLine = () =>
    new Promise((resolve, reject) => {
      const ended = (code) => reject(new Error(`${command} ${args.join(' ')} ended with ${code}`))
      child.once('exit', ended)
      lines.once('line', (line) => {
        child.off('exit', ended)
        resolve(line)
      })
    })
  return {
    nextLine,
    /** CPU time so far in µs; `undefined` where it cannot be known. */
    cpuMicros() {
      if (child.exitCode === null && child.signalCode === null) return cpuMicrosOf(child.pid)
      throw new Error(`${command} ${args.join(' ')} ended with ${child.signalCode ?? child.exitCode}`)
    },
    /** Writes a line to the program and gives the line that it answers. */
    ask(question) {
      const answer = nextLine()
      child.stdin.write(`${question}\n`)
      return answer
    },
    async stop() {
      child.kill('SIGKILL')
      await stopped
    },
  }
}

/** Runs a program on the core of load to its end and gives what it printed; `onLine` gets each line when it comes. */
export async function runToEnd(command, args, onLine = () => {}) {
  const [file, fileArgs] = onCore(LOAD_CORE, command, args)
  const child = spawn(file, fileArgs, { cwd: here, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let errors = ''
  createInterface({ input: child.stdout }).on('line', (line) => {
    out += `${line}\n`
    onLine(line)
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${errors || out}`)
  return out
}
