import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { bindings } from 'tierkit'
import type { grpcChannel } from 'tierkit/transport/grpc'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ca, serverCert, serverKey } from '../fixtures/certificates.js'
import type { Peer } from './cases/case.js'
import { allCases, compressionCases, plainCases } from './cases/index.js'
import { type EngineName, engines } from './engines.js'
import { openPeer } from './open-peer.js'
import { freePort, runProgram, type Started, startListening, startProgram } from './program.js'
import { echoMetadata, testService } from './service.js'

const cases = allCases({ iterations: 10, maxFailures: 0, maxLatencyMs: 10_000 })

const plain = ['plain', undefined, undefined] as const
const secure = ['TLS', { key: serverKey, cert: serverCert }, { ca }] as const

describe.each<readonly [EngineName, EngineName, typeof plain | typeof secure]>([
  ['grpc-js', 'grpc-js', plain],
  ['grpc-js', 'grpc-js', secure],
  ['fast', 'fast', plain],
  ['fast', 'fast', secure],
  ['fast', 'grpc-js', plain],
  ['grpc-js', 'fast', plain],
])('%s calls %s, %s', (clientEngine, serverEngine, [, serverTls, clientTls]) => {
  let peer: Peer
  let channels = 0
  let close: () => Promise<void>

  beforeAll(async () => {
    const server = engines[serverEngine].server({ host: '127.0.0.1', tls: serverTls })
    const { url } = await server.listen(bindings([testService], echoMetadata))
    const openChannel: typeof grpcChannel = (to, options) => {
      channels += 1
      return engines[clientEngine].channel(to, options)
    }
    const opened = openPeer(openChannel, url, clientTls)
    peer = opened.peer
    close = async () => {
      await opened.close()
      await server.close()
    }
  })
  afterAll(() => close())

  it.each(Object.entries(cases))('%s', (_name, run) => run(peer))

  it('opens a channel of the engine for each round of channel_soak', async () => {
    channels = 0
    await cases.channel_soak?.(peer)
    expect(channels).toBe(10)
  })

  // grpc-js says neither of a single message whether to compress it, nor whether it was.
  const sees = clientEngine === 'fast' && serverEngine === 'fast'
  it.skipIf(!sees).each(Object.entries(compressionCases))('%s', (_name, run) => run(peer))
})

const tsx = (program: string, ...args: string[]) => ['--import', 'tsx', `test/interop/${program}.ts`, ...args]
const client = (...args: string[]) => runProgram(process.execPath, tsx('client', ...args))

describe('the programs', { timeout: 60_000 }, () => {
  it.each([
    ['grpc-js', []],
    ['grpc-js', ['--use_tls=true', '--use_test_ca=true', '--server_host_override=localhost']],
    ['fast', []],
    ['fast', ['--use_tls=true', '--use_test_ca=true', '--server_host_override=localhost']],
  ])('pass every case against each other, %s %j', async (engine, clientArgs) => {
    const serverArgs = [`--engine=${engine}`, ...clientArgs.slice(0, 1)]
    const server = await startProgram(process.execPath, tsx('server', '--port=0', ...serverArgs), /^listening/)
    const port = server.line.split(' ')[1]
    const { code, output } = await client(
      `--server_port=${port}`,
      '--test_case=all',
      `--engine=${engine}`,
      ...clientArgs,
    )
    await server.stop()
    const compression = engine === 'fast' ? Object.keys(compressionCases).length : 0
    expect(output.match(/: ok$/gm)).toHaveLength(Object.keys(cases).length + compression)
    expect(code).toBe(0)
  })

  it('say why a case failed, with exit code 1', async () => {
    const { code, output } = await client(`--server_port=${await freePort()}`, '--test_case=empty_unary')
    expect(output).toContain('empty_unary: FAILED')
    expect(output).toContain('UNAVAILABLE')
    expect(code).toBe(1)
  })

  it('refuse a case or an engine that there is not, with exit code 2', async () => {
    expect((await client('--test_case=nonsense')).code).toBe(2)
    expect((await client('--engine=nonsense')).code).toBe(2)
  })
})

// gRPC for Ruby brings the standard client and server along (Debian: ruby-grpc).
const found = spawnSync('ruby', ['-e', 'require "googleauth"; puts Gem::Specification.find_by_name("grpc").gem_dir'])
const ruby = `${String(found.stdout ?? '').trim()}/src/ruby/pb/test`
const present = found.status === 0 && existsSync(`${ruby}/client.rb`)
if (!present) console.warn('SKIPPED: interoperability with Ruby, for ruby-grpc is not installed')

describe.skipIf(!present).each(Object.keys(engines))('Ruby, %s', { timeout: 60_000 }, (engine) => {
  let server: Started | undefined
  afterAll(() => server?.stop())

  it('serves what tierkit calls', async () => {
    const port = await freePort()
    server = await startListening('ruby', [`${ruby}/server.rb`, `--port=${port}`], port)
    // Its server knows nothing of compression.
    const names = `--test_case=${Object.keys(cases)}`
    const { code, output } = await client(`--server_port=${port}`, names, `--engine=${engine}`)
    expect(output.match(/: ok$/gm)).toHaveLength(Object.keys(cases).length)
    expect(code).toBe(0)
  })

  it('calls what tierkit serves', async () => {
    const tierkit = await startProgram(process.execPath, tsx('server', '--port=0', `--engine=${engine}`), /^listening/)
    const port = tierkit.line.split(' ')[1]
    // Its client lacks this one.
    const compressed = engine === 'fast' ? ['client_compressed_unary', 'client_compressed_streaming'] : []
    const names = Object.keys(plainCases).filter((each) => each !== 'special_status_message')
    for (const name of [...names, ...compressed]) {
      const args = [`${ruby}/client.rb`, '--server_host=127.0.0.1', `--server_port=${port}`, `--test_case=${name}`]
      const { code, output } = await runProgram('ruby', args)
      expect(output, name).toContain(`OK: ${name}`)
      expect(code, name).toBe(0)
    }
    await tierkit.stop()
  })
})
