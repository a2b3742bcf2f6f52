import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { filesBelow, root } from '../architecture/sources.js'

const run = promisify(execFile)

/** What each example must print, in this order, among other things. */
const expected: Readonly<Record<string, readonly string[]>> = {
  'hello.ts': ['Hello Ada', 'Hello Ada'],
  'middleware.ts': [
    'outer in',
    'inner in',
    'inner out',
    'outer out',
    'SayHello ended with code 0',
    'Hello Ada',
    'SayHello ended with code 8',
    'RESOURCE_EXHAUSTED',
    'CountDown ended with code 0',
  ],
  'http-and-grpc.ts': [
    'gRPC: Hello Ada',
    "GET by rule: { text: 'Hello Ada' }",
    "POST by name: { text: 'Hello Ada' }",
    'as events:',
    'unknown parameter: 400',
  ],
  'one-port.ts': [
    'registered as: grpc://127.0.0.1 and http://127.0.0.1',
    'gRPC: Hello Ada',
    "HTTP/1.1: { text: 'Hello Ada' }",
    "HTTP/2: { text: 'Hello Ada' }",
    'as events:',
    'drained',
  ],
  'streaming.ts': [
    'client stream: Hello Ada and Bob',
    'server stream: 1',
    'left after: 1000000',
    'bidi stream: you said: two',
    'deadline: [DEADLINE_EXCEEDED]',
  ],
  'discovery.ts': ["registered: [ 'greeter' ]", 'answered: a b c', 'after a left: b c'],
  'resilience.ts': [
    'retried: Hello Ada after 3 attempts',
    'timed out: [DEADLINE_EXCEEDED]',
    'fallback: Hello, more or less',
    "'closed -> open'",
    'bulkhead: fulfilled fulfilled rejected',
  ],
  'decorators.ts': [
    "'/library.v1.Library/FindBook'",
    'called /library.v1.Library/FindBook',
    "title: 'Notes'",
    'UNAUTHENTICATED',
  ],
  'code-first.ts': [
    'orders/v1/orders.proto',
    'string sku = 1 [(buf.validate.field).string = {',
    "by definition: { id: '3 pen', state: 1, total: 15n }",
    "by file: { id: '2 ink', state: 1, total: 10n }",
    'orders.v1.Order.total: is string, was int64 (wire, json, source)',
    'orders.v1.Order: number 3 is not reserved any more (wire)',
  ],
  'contracts/validation.ts': [
    'placed',
    '{ items: 1 }',
    'email: must be an email address',
    'items[1].sku: must match the pattern ^[a-z]+-[0-9]{3}$',
    'items[1].count: must be greater than 0',
    'the order: must not have more than 1000 of an item',
  ],
  'contracts/errors.ts': [
    'gRPC: lent: 1',
    'gRPC: [NOT_FOUND] no such book',
    'REST: 423 {',
    '"reason":"BOOK_LENT"',
    'Connect: 404 not_found',
  ],
  'adapters/ts-proto.ts': ['gRPC: Hello Ada', 'gRPC: 2', 'gRPC: 1', "JSON: { text: 'Hello Ada' }"],
  'adapters/protobuf-es.ts': ['tierkit: Hello Ada and Bob', 'Connect: Hello Ada', 'Connect: 2', 'Connect: 1'],
  'adapters/grpc-js.ts': ['grpc-js: 2', 'grpc-js: 1', "JSON: { text: 'Hello Ada' }"],
  'websocket.ts': [
    'page: {"result":{"text":"you said: one"}}',
    'page: {"result":{"text":"you said: two"}}',
    'page: {"end":{}}',
    'page: closed with 1000',
    'client: you said: three',
  ],
  'upload.ts': ['200 {"name":"holidays/sea.png","size":"300000"', '413 {"code":8', 'longer than 500000 bytes'],
  'functions.ts': [
    "'/library.v1.Library/FindBook'",
    'called /library.v1.Library/FindBook',
    "title: 'Notes'",
    'UNAUTHENTICATED',
  ],
  'browser/main.ts': [
    'pages may use: GET, HEAD, POST',
    'Connect: Hello Ada',
    'Connect: 1',
    'Connect by GET, in protobuf: Hello Ada',
    'gRPC-Web: Hello Ada',
    'gRPC-Web: 1',
  ],
  'wrapping/function.ts': ["{ name: 'ada' } after 3 attempts"],
  'wrapping/grpc-js.ts': ['Hello Ada', 'Hello Bob', 'code 8'],
  'wrapping/express.ts': ['200 [{"id":"7"}]', '429'],
  'wrapping/fastify.ts': ['200 [{"id":"7"}]', '429'],
  'testing.ts': ['ok: answers', 'ok: times out', 'ok: fails as told'],
}

describe('examples', () => {
  it.each(Object.entries(expected))('%s does what it says', { timeout: 60_000 }, async (file, lines) => {
    const { stdout } = await run(process.execPath, ['--import', 'tsx', `examples/${file}`], { cwd: root })
    let rest = stdout
    for (const line of lines) {
      expect(rest).toContain(line)
      rest = rest.slice(rest.indexOf(line) + line.length)
    }
  })

  it('all are run', () => {
    const programs = filesBelow('examples', '.ts')
      .map((file) => file.slice('examples/'.length))
      .filter((file) => !/^(first|shop|kubernetes|greeter|browser\/page)\/|\/generated\//.test(file))
    expect(programs.sort()).toEqual(Object.keys(expected).sort())
  })

  it('hello has at most thirty lines', async () => {
    const { stdout } = await run('wc', ['-l', 'examples/hello.ts'], { cwd: root })
    expect(Number.parseInt(stdout, 10)).toBeLessThanOrEqual(30)
  })

  it('the shop holds every claim', { timeout: 120_000 }, async () => {
    const shop = run(process.execPath, ['--import', 'tsx', 'examples/shop/main.ts'], { cwd: root })
    const { stdout } = await shop.catch((failed: { stdout: string }) => failed)
    expect(stdout).toContain('every claim held')
  })
})
