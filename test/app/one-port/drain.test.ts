import { once } from 'node:events'
import { Agent, request as httpRequest } from 'node:http'
import { type Context, outgoingContext } from 'tierkit/endpoint'
import { Code, type RpcError } from 'tierkit/error'
import { createFakeClock } from 'tierkit/testing'
import { grpcChannel } from 'tierkit/transport/grpc'
import { describe, expect, it, onTestFinished } from 'vitest'
import { binding, gate, orderMethod, waiting } from '../../transport/http/fixture.js'
import { ask, bare, CALL, post, serving, session } from './fixture.js'

const eventStream = { ':method': 'POST', ':path': CALL, accept: 'text/event-stream' }

/** A stream of two messages, the second of which waits to be let go. */
function held() {
  const go = gate()
  const entered = gate<Context>()
  const stream = binding({ kind: 'server_stream' }, async (_, context: Context) => {
    entered.open(context)
    return (async function* () {
      yield { note: 'first' }
      await go.passed
      yield { note: 'last' }
    })()
  })
  return { stream, entered: entered.passed, go: go.open }
}

function channelTo(url: string) {
  const channel = grpcChannel(url)
  onTestFinished(() => channel.close())
  return channel
}

async function notes(url: string, seen: string[]): Promise<string[]> {
  const method = orderMethod({ kind: 'server_stream' })
  const stream = await channelTo(url).endpoint(method)({}, outgoingContext(method))
  for await (const message of stream as AsyncIterable<{ note: string }>) seen.push(message.note)
  return seen
}

/** One request of HTTP/1.1, and whether its connection is kept. */
async function ask1(agent: Agent, port: number): Promise<{ text: string; connection: string | undefined }> {
  const request = httpRequest({ agent, port, host: '127.0.0.1', method: 'POST', path: CALL })
  const [response] = await once(request.end(), 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  return { text, connection: response.headers.connection }
}

function keepAlive(): Agent {
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  return agent
}

describe('a drain of a port for everything', () => {
  it('lets a stream of gRPC end, and refuses nothing until the client knows', async () => {
    const { stream, entered, go } = held()
    const { server, grpcUrl, port } = await serving([stream])
    const seen: string[] = []
    const running = notes(grpcUrl, seen)
    await entered
    await expect.poll(() => seen).toEqual(['first'])
    const drained = server.drain(60_000)
    const late = await bare(port).catch(() => undefined)
    await late?.closed
    go()
    expect(await running).toEqual(['first', 'last'])
    await drained
  })

  it.each(['HTTP/1.1', 'HTTP/2'])('lets events over %s end, and closes their connection', async (version) => {
    const { stream, entered, go } = held()
    const { server, httpUrl } = await serving([stream])
    const accept = 'text/event-stream'
    const client = version === 'HTTP/2' ? session(httpUrl) : undefined
    const running = client
      ? ask(client, eventStream).then(({ text }) => text)
      : fetch(httpUrl + CALL, { method: 'POST', headers: { accept } }).then((response) => response.text())
    await entered
    const drained = server.drain(60_000)
    go()
    expect(await running).toMatch(/first[\s\S]*last[\s\S]*event: end/)
    await drained
    if (client && !client.destroyed) await once(client, 'close')
  })

  it('answers a request over HTTP/2 that was on its way', async () => {
    const { entered, endpoint } = waiting()
    const { server, httpUrl } = await serving([binding({ name: 'Wait' }, endpoint), binding()])
    const client = session(httpUrl)
    const open = ask(client, { ':method': 'POST', ':path': '/shop.v1.Orders/Wait' }, '{}').catch(() => {})
    await entered
    const late = post(client, '{"note":"late"}')
    const drained = server.drain(60_000)
    expect(await late).toMatchObject({ status: 200, text: '{"note":"late"}' })
    client.destroy()
    await Promise.all([open, drained])
  })

  it('ends idle connections and those that have said nothing', async () => {
    const { server, port, httpUrl, grpcUrl } = await serving([binding()])
    const agent = keepAlive()
    expect((await ask1(agent, port)).connection).toBe('keep-alive')
    const client = session(httpUrl)
    await post(client, '{}')
    const method = orderMethod()
    await channelTo(grpcUrl).endpoint(method)({}, outgoingContext(method))
    const silent = await bare(port)
    const begun = await bare(port)
    begun.socket.write('PRI * ')
    const gone = once(client, 'close')
    await server.drain(60_000)
    await Promise.all([silent.closed, begun.closed, gone])
    await expect.poll(() => Object.keys(agent.freeSockets)).toEqual([])
  })

  it('cancels what is left when its one time is over, and tells everyone', async () => {
    const clock = createFakeClock()
    const reasons: RpcError[] = []
    let running = 0
    const endpoint = (_: unknown, context: Context): Promise<never> => {
      running += 1
      context.onCancel((reason) => reasons.push(reason))
      return new Promise(() => {})
    }
    const { server, port, httpUrl, grpcUrl } = await serving([binding({}, endpoint)], { clock })
    const method = orderMethod()
    const overGrpc = channelTo(grpcUrl).endpoint(method)({}, outgoingContext(method))
    const failing = expect(overGrpc).rejects.toMatchObject({ code: Code.UNAVAILABLE })
    const over1 = ask1(keepAlive(), port)
    const over2 = post(session(httpUrl), '{}')
    await expect.poll(() => running).toBe(3)
    const drained = server.drain(100)
    await clock.advance(100)
    await failing
    expect(await over1).toMatchObject({ connection: 'close', text: expect.stringContaining('"code":14') })
    expect(await over2).toMatchObject({ status: 503 })
    await drained
    expect(reasons.map(({ code }) => code)).toEqual([Code.UNAVAILABLE, Code.UNAVAILABLE, Code.UNAVAILABLE])
    expect(clock.pending).toBe(0)
  })
})

describe('a close of a port for everything', () => {
  it('cancels what runs, and leaves nothing', async () => {
    const clock = createFakeClock()
    const { entered, endpoint } = waiting()
    const { server, port, httpUrl } = await serving([binding({}, endpoint)], { clock })
    const silent = await bare(port)
    const asked = post(session(httpUrl), '{}')
    const context = await entered
    await server.close()
    expect(context.cancelled).toMatchObject({ code: Code.UNAVAILABLE })
    expect(await asked).toMatchObject({ status: 503 })
    await silent.closed
    expect(clock.pending).toBe(0)
    await expect(fetch(httpUrl)).rejects.toThrow()
    await server.close()
  })

  it('does not wait for clients that do not go', async () => {
    const { server, port } = await serving([binding()])
    const { socket, closed } = await bare(port)
    socket.write(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1'))
    await once(socket, 'data')
    await server.close()
    await closed
  })

  it('follows a start on a port that is taken, which is named', async () => {
    const { port } = await serving([])
    await expect(serving([], { port })).rejects.toThrow(`cannot listen on grpc://127.0.0.1:${port}`)
  })
})
