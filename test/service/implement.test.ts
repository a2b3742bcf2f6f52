import { Context, chain, type Middleware } from 'tierkit/endpoint'
import { Code, type RpcError } from 'tierkit/error'
import {
  bidiStream,
  bindings,
  clientStream,
  defineService,
  type Implementation,
  implement,
  type Service,
  type ServiceDefinition,
  serverStream,
  toService,
  unary,
  use,
} from 'tierkit/service'
import { describe, expect, it } from 'vitest'
import { codec } from './stand-in.js'

interface Text {
  readonly text: string
}
const text = codec<Text>('test.Text')

const Echo = defineService({
  name: 'test.v1.Echo',
  methods: {
    say: unary(text, text),
    repeat: serverStream(text, text),
    join: clientStream(text, text),
    chat: bidiStream(text, text),
  },
})

class EchoService implements Implementation<typeof Echo> {
  #prefix = '>'

  say(request: Text): Text {
    return { text: this.#prefix + request.text }
  }

  async *repeat(request: Text): AsyncGenerator<Text> {
    yield this.say(request)
    yield this.say(request)
  }

  async join(requests: AsyncIterable<Text>): Promise<Text> {
    let all = ''
    for await (const { text } of requests) all += text
    return this.say({ text: all })
  }

  async *chat(requests: AsyncIterable<Text>): AsyncGenerator<Text> {
    for await (const request of requests) yield this.say(request)
  }
}

async function* texts(...all: string[]): AsyncGenerator<Text> {
  for (const text of all) yield { text }
}

async function collect(stream: unknown): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const one of stream as AsyncIterable<unknown>) all.push(one)
  return all
}

function call(service: Service | ReturnType<typeof bindings>, name: string, request: unknown): Promise<unknown> {
  const list = Array.isArray(service) ? service : (service as Service).bindings
  const { method, endpoint } = list.find((one) => one.method.name === name)!
  return endpoint(request, new Context({ method, side: 'server' }))
}

const note =
  (trail: string[], name: string): Middleware =>
  (next) =>
  (request, context) => {
    trail.push(name)
    return next(request, context)
  }

describe('defineService', () => {
  it('fixes everything that the tiers need to know of a method', () => {
    const rule = { method: 'GET', path: '/v1/{text}' }
    const { methods } = defineService({
      name: 'test.v1.Echo',
      methods: { sayTwice: unary(text, text, { idempotency: 'idempotent', http: rule }) },
    })
    expect(methods.sayTwice).toEqual({
      service: 'test.v1.Echo',
      name: 'SayTwice',
      path: '/test.v1.Echo/SayTwice',
      kind: 'unary',
      idempotency: 'idempotent',
      request: text,
      response: text,
      http: [rule],
    })
  })

  it('takes another name for the contract than for code', () => {
    const { methods } = defineService({ name: 'Old', methods: { sayHello: unary(text, text, { name: 'say_hello' }) } })
    expect(methods.sayHello.path).toBe('/Old/say_hello')
  })

  it('lists everything that a contract cannot have', () => {
    const define = () =>
      defineService({
        name: 'test..Echo',
        methods: {
          a: unary(text, text, { name: 'Same', http: { method: 'get', path: '/a' } }),
          b: unary(text, text, { name: 'Same', http: { method: 'GET', path: 'b' } }),
          'say-it': unary(text, text),
        },
      })
    expect(define).toThrow(TypeError)
    expect(define).toThrow(
      [
        'service "test..Echo" cannot be defined:',
        '- its name is not a full name like hello.v1.Greeter',
        '- Same has the HTTP method "get", which is not in upper case',
        '- Same has the HTTP path "b", which does not start with /',
        '- "Say-it" is not a method name',
        '- two methods are called Same',
      ].join('\n'),
    )
  })

  it('says so when a message is none', () => {
    // @ts-expect-error a string has no codec
    expect(() => unary('Text', text)).toThrow('"Text" is not a message')
  })
})

describe('implement', () => {
  it('makes endpoints of the four kinds of handlers, with their this', async () => {
    const service = implement(Echo, new EchoService())
    expect(await call(service, 'Say', { text: 'a' })).toEqual({ text: '>a' })
    expect(await call(service, 'Join', texts('a', 'b'))).toEqual({ text: '>ab' })
    expect(await collect(await call(service, 'Repeat', { text: 'a' }))).toHaveLength(2)
    const chat = await call(service, 'Chat', texts('a', 'b'))
    expect(await collect(chat)).toEqual([{ text: '>a' }, { text: '>b' }])
  })

  it('lists every missing handler and every handler that the contract lacks', () => {
    const make = () =>
      implement(Echo, {
        say: (request: Text) => request,
        saay: (request: Text) => request,
        join: 'not a function',
      } as never)
    expect(make).toThrow(TypeError)
    expect(make).toThrow(
      [
        'service test.v1.Echo cannot be implemented:',
        '- Repeat has no handler: a method repeat is missing',
        '- Join has no handler: a method join is missing',
        '- Chat has no handler: a method chat is missing',
        '- saay handles no method: the contract has say, repeat, join, chat',
      ].join('\n'),
    )
  })

  it('does not take what every object inherits for a handler', () => {
    const Odd = defineService({
      name: 'test.Odd',
      methods: { toString: unary(text, text), constructor: unary(text, text) },
    })
    expect(() => implement(Odd, new (class Empty {})() as never)).toThrow(
      /ToString has no handler[\s\S]*Constructor has no handler/,
    )
  })

  it('lets a class have methods of its own, and inherit handlers', async () => {
    class Louder extends EchoService {
      override say(request: Text): Text {
        return this.shout(super.say(request))
      }

      shout({ text }: Text): Text {
        return { text: `${text}!` }
      }
    }
    expect(await call(implement(Echo, new Louder()), 'Join', texts('a'))).toEqual({ text: '>a!' })
  })

  it('is a compile error where types can say it', () => {
    const handlers = new EchoService()
    const rest = { repeat: handlers.repeat, join: handlers.join, chat: handlers.chat }
    // @ts-expect-error `say` is missing
    expect(() => implement(Echo, { ...rest })).toThrow('Say has no handler')
    // @ts-expect-error `sing` is not in the contract
    expect(() => implement(Echo, { say: (request) => request, ...rest, sing: () => {} })).toThrow(
      'sing handles no method',
    )
    // @ts-expect-error the response is of another type
    implement(Echo, { ...rest, say: () => ({ texts: [] }) })
    // @ts-expect-error a stream is not a promise
    implement(Echo, { ...rest, say: (request) => request, repeat: async (request: Text) => request })
    implement(Echo, { ...rest, say: () => ({}) })
    implement(Echo, { ...rest, say: (request, context) => ({ text: request.text + context.method.name }) })
  })

  it('refuses a class with decorators, whose middleware would be lost', () => {
    class Guarded extends EchoService {
      @use()
      override say(request: Text): Text {
        return request
      }
    }
    expect(() => implement(Echo, new Guarded())).toThrow('the class of its handlers has decorators')
  })

  it('takes handlers of any messages for a contract without types', async () => {
    const untyped: ServiceDefinition = defineService({ name: 'test.Any', methods: { say: unary(text, text) } })
    const service = implement(untyped, { say: (request, context) => ({ text: `${request.text}${context.side}` }) })
    expect(await call(service, 'Say', { text: 'a' })).toEqual({ text: 'aserver' })
  })

  it('ends a call with INTERNAL, naming the method, when the handler returns the wrong thing', async () => {
    const wrong = implement(Echo, {
      say: () => undefined,
      repeat: () => [],
      join: () => texts('a'),
      chat: () => {},
    } as never)
    const failure = (name: string) => call(wrong, name, { text: 'a' }).catch((error) => error as RpcError)
    const messages = (await Promise.all(['Say', 'Repeat', 'Join', 'Chat'].map(failure))) as RpcError[]
    expect(messages.map(({ code }) => code)).toEqual(Array(4).fill(Code.INTERNAL))
    expect(messages.map(({ rawMessage }) => rawMessage)).toEqual([
      'the handler of /test.v1.Echo/Say returned undefined, not a message',
      'the handler of /test.v1.Echo/Repeat returned an array, not an AsyncIterable: make it an async generator',
      'the handler of /test.v1.Echo/Join returned an AsyncIterable, not a message',
      'the handler of /test.v1.Echo/Chat returned undefined, not an AsyncIterable: make it an async generator',
    ])
  })

  it('fails the call when a handler throws at once, and when an async stream handler rejects', async () => {
    const boom = () => {
      throw new Error('boom')
    }
    const failing = implement(Echo, { say: boom, repeat: async () => boom(), join: boom, chat: boom } as never)
    for (const name of ['Say', 'Repeat', 'Join', 'Chat']) await expect(call(failing, name, {})).rejects.toThrow('boom')
  })

  it('puts middleware around all methods, or around each, the first named outermost', async () => {
    const trail: string[] = []
    const [a, b] = [note(trail, 'a'), note(trail, 'b')]
    await call(implement(Echo, new EchoService(), { use: [a, b] }), 'Say', { text: '' })
    await call(implement(Echo, new EchoService(), { use: { say: [b, a] } }), 'Say', { text: '' })
    await call(implement(Echo, new EchoService(), { use: { say: [b, a] } }), 'Join', texts())
    expect(trail).toEqual(['a', 'b', 'b', 'a'])
  })

  it('refuses middleware for a method that the contract lacks', () => {
    // @ts-expect-error `sing` is not in the contract
    const make = () => implement(Echo, new EchoService(), { use: { sing: [] } })
    expect(make).toThrow('use names sing, which the contract lacks')
  })
})

describe('bindings', () => {
  it('composes the global chain once, outside of the one of the service', async () => {
    const trail: string[] = []
    let composed = 0
    const counted: Middleware = (next) => {
      composed += 1
      return chain(note(trail, 'global'))(next)
    }
    const service = implement(Echo, new EchoService(), { use: [note(trail, 'own')] })
    const bound = bindings([service], counted)
    await call(bound, 'Say', { text: '' })
    await call(bound, 'Say', { text: '' })
    expect(trail).toEqual(['global', 'own', 'global', 'own'])
    expect(composed).toBe(4)
  })

  it('refuses two services with the same method', () => {
    const service = implement(Echo, new EchoService())
    expect(() => bindings([service, service])).toThrow(/more than one has \/test\.v1\.Echo\/Say\n/)
  })
})

describe('toService', () => {
  it('returns a service as it is', () => {
    const service = implement(Echo, new EchoService())
    expect(toService(service)).toBe(service)
  })

  it('says what it got when that is no service', () => {
    expect(() => toService(new EchoService())).toThrow('an instance of EchoService is no service')
    expect(() => toService(EchoService)).toThrow('class EchoService is no service')
    expect(() => toService(undefined as never)).toThrow('undefined is no service')
  })
})
