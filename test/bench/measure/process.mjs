import { execFileSync, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('..', import.meta.url))
const pinned = installed('taskset')

/** Whether a program is on the path. */
export function installed(program) {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A command held to one core, where the machine can do that. */
export function onCore(core, command, args) {
  return pinned ? ['taskset', ['-c', String(core), command, ...args]] : [command, args]
}

/** Starts a server on a core; it prints `listening PORT` when it is ready. */
export async function startServer(command, args, core = 0) {
  const [file, fileArgs] = onCore(core, command, args)
  const child = spawn(file, fileArgs, { cwd: here, stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise((resolve, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`${command} ${args.join(' ')} ended with ${code} before it listened`)),
    )
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = /^listening (\d+)/.exec(line)
      if (match) resolve(Number(match[1]))
    })
  })
  const stopped = new Promise((resolve) => child.once('exit', resolve))
  return {
    port,
    async stop() {
      child.kill('SIGKILL')
      await stopped
    },
  }
}

/** Runs a program to its end on a core and gives what it printed. */
export async function runToEnd(command, args, core = 1) {
  const [file, fileArgs] = onCore(core, command, args)
  const child = spawn(file, fileArgs, { cwd: here, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${errors || out}`)
  return out
}
