import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Context } from 'tierkit/endpoint'
import { Code } from 'tierkit/error'
import { createFakeClock } from 'tierkit/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { binding, gate, serverWith, waiting } from './fixture.js'

const CALL = '/shop.v1.Orders/Call'

async function ask(agent: Agent, port: number): Promise<{ status: number; connection: string; text: string }> {
  const request = httpRequest({ agent, host: '127.0.0.1', port, method: 'POST', path: CALL }).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const text = (await response.toArray()).join('')
  return { status: response.statusCode ?? 0, connection: response.headers.connection ?? '', text }
}

function keepAlive(): Agent {
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  return agent
}

/** A handler that ends when it is told. */
function held() {
  const entered = gate()
  const leave = gate()
  return {
    entered: entered.passed,
    leave: leave.open,
    endpoint: async () => {
      entered.open()
      await leave.passed
      return { note: 'done' }
    },
  }
}

describe('a drain', () => {
  it('closes idle connections at once, those included that never said anything', async () => {
    const { server, port } = await serverWith([binding()])
    const agent = keepAlive()
    expect((await ask(agent, port)).connection).toBe('keep-alive')
    const silent = connect(port, '127.0.0.1')
    await once(silent, 'connect')
    await ask(agent, port)
    const closed = once(silent, 'close')
    await server.drain(60_000)
    await closed
    await expect.poll(() => Object.keys(agent.freeSockets)).toEqual([])
  })

  it('lets a running call end, and its connection with it', async () => {
    const { entered, leave, endpoint } = held()
    const { server, port } = await serverWith([binding({}, endpoint)])
    const agent = keepAlive()
    const running = ask(agent, port)
    await entered
    const drained = server.drain(60_000)
    await expect(ask(new Agent(), port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    leave()
    expect(await running).toEqual({ status: 200, connection: 'close', text: '{"note":"done"}' })
    await drained
  })

  it('refuses a further request on a connection that is busy', async () => {
    const { entered, leave, endpoint } = held()
    const { server, port } = await serverWith([binding({}, endpoint)])
    const socket = connect(port, '127.0.0.1')
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk
    })
    const one = `POST ${CALL} HTTP/1.1\r\nHost: x\r\n\r\n`
    socket.write(one)
    await entered
    const drained = server.drain(60_000)
    socket.write(one)
    leave()
    await once(socket, 'close')
    await drained
    expect(received.match(/HTTP\/1\.1 \d+/g)?.[0]).toBe('HTTP/1.1 200')
    expect(received.match(/HTTP\/1\.1 200/g)).toHaveLength(1)
  })

  it('lets a stream end that began before it, and closes its connection', async () => {
    const { entered, leave, endpoint } = held()
    const { server, port } = await serverWith([
      binding({ kind: 'server_stream' }, async () =>
        (async function* () {
          yield { note: 'first' }
          yield await endpoint()
        })(),
      ),
    ])
    const agent = keepAlive()
    const running = ask(agent, port)
    await entered
    const drained = server.drain(60_000)
    leave()
    expect(await running).toMatchObject({ text: '{"result":{"note":"first"}}\n{"result":{"note":"done"}}\n' })
    await drained
    await expect.poll(() => Object.keys(agent.freeSockets)).toEqual([])
  })

  it('cancels what is left when its time is over, and tells the client', async () => {
    const clock = createFakeClock()
    const { entered, endpoint } = waiting()
    const { server, port } = await serverWith([binding({}, endpoint)], { clock })
    const running = ask(keepAlive(), port)
    const context = await entered
    const drained = server.drain(100)
    await clock.advance(100)
    expect(await running).toMatchObject({
      status: 503,
      connection: 'close',
      text: expect.stringContaining('"code":14'),
    })
    await drained
    expect(context.cancelled).toMatchObject({ code: Code.UNAVAILABLE })
    expect(clock.pending).toBe(0)
  })

  it('does not wait for a client that does not read', async () => {
    const clock = createFakeClock()
    const { server, port } = await serverWith(
      [
        binding({ kind: 'server_stream' }, async () =>
          (async function* () {
            const note = 'a'.repeat(1_000_000)
            for (;;) yield { note }
          })(),
        ),
      ],
      { clock },
    )
    const socket = connect(port, '127.0.0.1').pause()
    socket.on('error', () => {})
    socket.write(`POST ${CALL} HTTP/1.1\r\nHost: x\r\n\r\n`)
    await expect.poll(() => clock.pending, { timeout: 20_000 }).toBeGreaterThan(1)
    let over = false
    const drained = server.drain(100).then(() => {
      over = true
    })
    for (let n = 0; n < 50 && !over; n += 1) await clock.advance(100)
    await drained
    socket.destroy()
  })

  it('does not wait for a fallback that never answers longer than its time', async () => {
    const clock = createFakeClock()
    const entered = gate()
    const { server, port } = await serverWith([], { clock, fallback: () => entered.open() })
    const failing = ask(keepAlive(), port).catch((error) => error.code)
    await entered.passed
    const drained = server.drain(100)
    await clock.advance(1100)
    await drained
    expect(await failing).toBe('ECONNRESET')
  })
})

describe('a close', () => {
  it('cancels what runs, and leaves no connection', async () => {
    const { entered, endpoint } = waiting()
    const { server, port } = await serverWith([binding({}, endpoint)])
    const running = ask(keepAlive(), port).catch((error) => error.code)
    const context: Context = await entered
    await server.close()
    expect(context.cancelled).toMatchObject({ code: Code.UNAVAILABLE })
    expect(await running).toMatchObject({ status: 503 })
    await expect(ask(new Agent(), port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await server.close()
  })
})
