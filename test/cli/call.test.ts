import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Code, RpcError } from 'tierkit/error'
import { bindings, implement } from 'tierkit/service'
import { grpcJsServer } from 'tierkit/transport/grpc-js'
import { httpServer } from 'tierkit/transport/http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadProto } from '../../src/service/proto.js'
import { finish, run, start } from './run.js'

const contract = `syntax = "proto3";
package cli.v1;

import "cli/text.proto";

service Echo {
  rpc Say(Text) returns (Text);
  rpc Repeat(Text) returns (stream Text);
  rpc Join(stream Text) returns (Text);
  rpc Chat(stream Text) returns (stream Text);
  rpc Fail(Text) returns (Text);
  rpc Wait(Text) returns (Text);
}
`
const imported = `syntax = "proto3";
package cli.v1;

message Text {
  string text = 1;
  int64 times = 2;
}
`

type Text = { text: string; times: bigint }

async function* repeat({ text, times }: Text): AsyncGenerator<Partial<Text>> {
  for (let n = 0n; n < times; n += 1n) yield { text: `${text}${n}` }
}

const handlers = {
  say: ({ text, times }: Text, { metadata }: { metadata: { get(key: string): string | undefined } }) => ({
    text: text + (metadata.get('x-suffix') ?? ''),
    times,
  }),
  repeat,
  join: async (requests: AsyncIterable<Text>) => {
    const all: string[] = []
    for await (const { text } of requests) all.push(text)
    return { text: all.join('+') }
  },
  chat: async function* (requests: AsyncIterable<Text>) {
    for await (const { text } of requests) yield { text: text.toUpperCase() }
  },
  fail: () => {
    const options = { reason: 'ORDER_NOT_FOUND', domain: 'cli.example', metadata: { id: '7' } }
    throw new RpcError(Code.NOT_FOUND, 'no such order', options)
  },
  wait: () => new Promise(() => {}),
}

describe('tierkit call', () => {
  let folder: string
  let proto: string[]
  let grpc: string
  let http: string
  const servers = [grpcJsServer({ host: '127.0.0.1', port: 0 }), httpServer({ host: '127.0.0.1', port: 0 })] as const

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tierkit-call-'))
    await writeFile(join(folder, 'echo.proto'), contract.replace('cli/text', 'text'))
    await writeFile(join(folder, 'text.proto'), imported)
    proto = ['--proto', join(folder, 'echo.proto'), '-I', folder]
    const Echo = loadProto(join(folder, 'echo.proto'), { includes: [folder] }).service('cli.v1.Echo')
    const bound = bindings([implement(Echo, handlers)])
    const [first, second] = await Promise.all(servers.map((server) => server.listen(bound)))
    grpc = first!.url
    http = second!.url
  })
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()))
    await rm(folder, { recursive: true })
  })

  it('prints the response of a unary call, over gRPC and over HTTP', async () => {
    const expected = { code: 0, out: '{"text":"hi!","times":"9007199254740993"}\n', err: '' }
    const request = '{"text": "hi", "times": "9007199254740993"}'
    const options = [...proto, '--metadata', 'x-suffix=!', '--timeout', '20000']
    expect(await run(['call', grpc, 'cli.v1.Echo/Say', request, ...options])).toEqual(expected)
    expect(await run(['call', http, 'cli.v1.Echo/Say', request, ...options])).toEqual(expected)
    expect(
      await run(['call', grpc.replace('grpc://', ''), '/cli.v1.Echo/say', ...options], { input: request }),
    ).toEqual(expected)
    expect(await run(['call', `static:///${grpc}`, 'cli.v1.Echo/Say', '-', ...options], { input: request })).toEqual(
      expected,
    )
  })

  it('prints a line for each message of a stream', async () => {
    const ran = await run(['call', grpc, 'cli.v1.Echo/Repeat', '{"text":"a","times":2}', ...proto])
    expect(ran).toEqual({ code: 0, out: '{"text":"a0"}\n{"text":"a1"}\n', err: '' })
  })

  it('sends a message for each line of a stream of requests', async () => {
    const lines = '{"text":"a"}\n\n{"text":"b"}'
    const joined = { code: 0, out: '{"text":"a+b"}\n', err: '' }
    expect(await run(['call', grpc, 'cli.v1.Echo/Join', lines, ...proto])).toEqual(joined)
    expect(await run(['call', grpc, 'cli.v1.Echo/Join', ...proto], { input: lines })).toEqual(joined)
  })

  it('reads and prints as a process', { timeout: 60_000 }, async () => {
    const child = start('call', grpc, 'cli.v1.Echo/Say', ...proto)
    child.stdin.end('{"text":"a"}')
    expect(await finish(child)).toEqual({ code: 0, out: '{"text":"a"}\n', err: '' })
  })

  it('answers each line before the next one is typed, and ends with the input', { timeout: 60_000 }, async () => {
    const child = start('call', grpc, 'cli.v1.Echo/Chat', ...proto)
    const ended = finish(child)
    child.stdin.write('{"text":"a"}\n')
    await new Promise((resolve) => child.stdout.once('data', resolve))
    child.stdin.end('{"text":"b"}\n')
    expect(await ended).toEqual({ code: 0, out: '{"text":"A"}\n{"text":"B"}\n', err: '' })
  })

  it('exits with the code of a failed call, and says why', async () => {
    const ran = await run(['call', grpc, 'cli.v1.Echo/Fail', '{}', ...proto])
    expect(ran).toEqual({
      code: Code.NOT_FOUND,
      out: '',
      err: 'NOT_FOUND: no such order\nreason: ORDER_NOT_FOUND (cli.example)\nmetadata: {"id":"7"}\n',
    })
    const late = await run(['call', grpc, 'cli.v1.Echo/Wait', '{}', '--timeout', '100', ...proto])
    expect(late).toMatchObject({ code: Code.DEADLINE_EXCEEDED, out: '' })
    const nobody = await run(['call', '127.0.0.1:1', 'cli.v1.Echo/Say', '{}', ...proto])
    expect(nobody).toMatchObject({ code: Code.UNAVAILABLE, out: '' })
  })

  it('ends at Ctrl-C with CANCELLED, also while it reads', { timeout: 60_000 }, async () => {
    const child = start('call', grpc, 'cli.v1.Echo/Chat', ...proto)
    const ended = finish(child)
    child.stdin.write('{"text":"a"}\n')
    await new Promise((resolve) => child.stdout.once('data', resolve))
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: Code.CANCELLED, out: '{"text":"A"}\n' })
  })

  it.each([
    [
      ['http://h:1', 'cli.v1.Echo/Say', '{}'],
      'only gRPC servers can be asked for their contract: name it with --proto',
    ],
    [['grpc://h:1', 'cli.v1.Echo/Say', '{}', '-I', '/tmp'], '--proto is missing'],
    [['grpc://h:1'], 'expected TARGET, pkg.Service/Method'],
    [['grpc://h:1', 'Say', '{}', 'PROTO'], '"Say" is not a method: expected pkg.Service/Method'],
    [['grpc://h:1', 'cli.v1.Echo/Sing', '{}', 'PROTO'], 'cli.v1.Echo has no method Sing: it has Say, Repeat'],
    [['grpc://h:1', 'cli.v1.Ecko/Say', '{}', 'PROTO'], 'no service "cli.v1.Ecko": there are cli.v1.Echo'],
    [['foo://h:1', 'cli.v1.Echo/Say', '{}', 'PROTO'], "unknown scheme 'foo'"],
    [['grpc://h:1', 'cli.v1.Echo/Say', '{"txt":1}', 'PROTO'], 'the request cannot be read: '],
    [['grpc://h:1', 'cli.v1.Echo/Join', '{"text":"a"}\n{', 'PROTO'], 'line 2 of the requests cannot be read: '],
    [['grpc://h:1', 'cli.v1.Echo/Say', '{}', '--metadata', 'x', 'PROTO'], '--metadata needs KEY=VALUE, not "x"'],
    [['grpc://h:1', 'cli.v1.Echo/Say', '{}', '--cert', 'x', 'PROTO'], '--cert and --key go together'],
    [['grpc://h:1', 'cli.v1.Echo/Say', '{}', '--ca', '/no/such', 'PROTO'], '--ca cannot be read: ENOENT'],
    [['grpc://h:1', 'cli.v1.Echo/Say', '{}', '--tls', '--plaintext', 'PROTO'], '--plaintext contradicts'],
    [['grpc://h:1', 'cli.v1.Echo/Say', '{}', '--proto', '/no/such.proto'], '/no/such.proto'],
  ])('refuses wrong arguments with 64: %j', async (args, message) => {
    const ran = await run([
      'call',
      ...args.flatMap((arg) => (arg === 'PROTO' ? proto : [arg === 'grpc://h:1' ? grpc : arg])),
    ])
    expect(ran).toMatchObject({ code: 64, out: '', err: expect.stringContaining(message) })
  })
})
