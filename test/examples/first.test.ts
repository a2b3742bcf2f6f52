import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { writeProto } from 'tierkit/generate'
import { loadProto } from 'tierkit/service'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as generated from '../../examples/first/generated/greeter_pb.js'
import { root } from '../architecture/sources.js'

const run = promisify(execFile)
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')
const started = (name: string, env: object) =>
  [['--import', 'tsx', `examples/first/${name}.ts`], { cwd: root, env: { ...process.env, ...env } }] as const

describe('the first screen of the README', () => {
  const fences = [...textOf('README.md').matchAll(/^```\w+ (examples\/\S+)\n([\s\S]*?)^```/gm)]

  it.each(fences.map(([, file = '', text]) => [file, text]))('shows %s as it is', (file, text) => {
    expect(text).toBe(textOf(file))
  })

  it('shows the contract, the service and the client', () => {
    const files = fences.map(([, file]) => file)
    expect(files).toEqual(['greeter.proto', 'server.ts', 'client.ts'].map((name) => `examples/first/${name}`))
  })
})

describe('the first example', { timeout: 60_000 }, () => {
  let server: ChildProcess
  let port: string

  beforeAll(async () => {
    const [args, options] = started('server', { PORT: '0' })
    server = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] })
    if (!server.stdout) throw new Error('no output to read')
    for await (const line of createInterface(server.stdout)) {
      port = /"servers":\["grpc:\/\/[^"]*:(\d+)"/.exec(line)?.[1] ?? ''
      if (port) break
    }
    server.stdout.resume()
  }, 60_000)

  afterAll(() => server.kill('SIGKILL'))

  it('answers its client', async () => {
    const [args, options] = started('client', { GREETER: `grpc://127.0.0.1:${port}` })
    expect((await run(process.execPath, args, options)).stdout).toBe('Hello Ada\n')
  })

  it('answers REST, by the rules of its contract', async () => {
    const good = await fetch(`http://127.0.0.1:${port}/v1/hello/Ada`)
    expect([good.status, await good.json()]).toEqual([200, { message: 'Hello Ada' }])
    const bad = await fetch(`http://127.0.0.1:${port}/v1/hello/${'a'.repeat(21)}`)
    expect([bad.status, await bad.text()]).toEqual([
      400,
      expect.stringContaining('name: must be at most 20 characters'),
    ])
  })

  it('ends in order at SIGTERM', async () => {
    server.kill('SIGTERM')
    expect(await once(server, 'exit')).toEqual([0, null])
  })
})

it('the generated code of the first example says what its contract says', () => {
  const contract = loadProto(join(root, 'examples/first/greeter.proto'))
  const written = writeProto(contract.services.map((name) => contract.service(name)))
  expect(writeProto([generated.Greeter])).toEqual(written)
  expect(written[0]?.text).toContain('max_len: 20')
})
