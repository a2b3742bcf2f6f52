import { type ChildProcess, spawn } from 'node:child_process'
import { connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { root } from '../architecture/sources.js'

/** How a program ended, and what it printed. */
export interface Ended {
  readonly code: number | null
  readonly output: string
}

/** Runs a program to its end. */
export function runProgram(command: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })))
}

/** Starts a server and waits for the line that says that it listens. */
export async function startProgram(command: string, args: readonly string[], ready: RegExp): Promise<Started> {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const line = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`${command} ${args.join(' ')} ended with ${code} before it was ready`)),
    )
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (text) => ready.test(text) && resolve(text))
    }
  })
  return { child, line, stop: () => stopProgram(child) }
}

/** Starts a server that says nothing, and waits until its port accepts connections. */
export async function startListening(command: string, args: readonly string[], port: number): Promise<Started> {
  const child = spawn(command, args, { cwd: root, stdio: 'ignore' })
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`${command} ${args.join(' ')} ended with ${child.exitCode}`)
  }
  return { child, line: '', stop: () => stopProgram(child) }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    // A refusal comes at once; the next try need not.
    socket.once('error', () => setTimeout(resolve, 50, false))
  })
}

/** A server that runs. */
export interface Started {
  readonly child: ChildProcess
  /** The line that said that it was ready. */
  readonly line: string
  stop(): Promise<void>
}

async function stopProgram(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

/** A port that was free a moment ago, for programs that cannot choose one themselves. */
export function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
