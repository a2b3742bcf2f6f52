import { once } from 'node:events'
import { connect } from 'node:net'
import { createFakeClock } from 'tierkit/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bindings, echo } from './browser/contract.js'
import { starting } from './browser/fixture.js'
import { gate } from './fixture.js'

const IDLE = 4000
const QUARTER = IDLE / 4
const request = (text: string): string =>
  `POST /web.v1.Web/Say HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`

/** A connection to a server that does something before it answers, if it is said what. */
async function open(options: { idleTimeoutMs?: number; headersTimeoutMs?: number } = {}, before?: () => Promise<void>) {
  const clock = createFakeClock()
  const served = bindings(async function* () {
    await before?.()
    yield echo({ text: 'hello' })
  })
  const { port } = await starting('http()', served, { clock, idleTimeoutMs: IDLE, ...options })
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return {
    clock,
    socket,
    closed: once(socket, 'close'),
    /** Sends a request, and resolves to its response. */
    ask: async (): Promise<string> => {
      socket.write(request('{}'))
      const [bytes] = await once(socket, 'data')
      return String(bytes)
    },
  }
}

describe('a connection of HTTP/1.1', () => {
  it('is closed when nothing moved on it for the idle time, or a quarter more, after an answer', async () => {
    const { clock, ask, closed, socket } = await open()
    expect(await ask()).toContain('\r\nKeep-Alive: timeout=4, max=10000\r\n')
    await clock.advance(QUARTER)
    await clock.advance(IDLE - 1)
    expect(await ask()).toContain('HTTP/1.1 200')
    await clock.advance(QUARTER)
    await clock.advance(IDLE)
    await closed
    expect(socket.readableEnded || socket.destroyed).toBe(true)
  })

  it('is left alone while a call runs on it', async () => {
    const [began, answer] = [gate(), gate()]
    const { clock, ask, closed } = await open({}, async () => {
      began.open()
      await answer.passed
    })
    const asked = ask()
    await began.passed
    await clock.advance(10 * IDLE)
    answer.open()
    expect(await asked).toContain('HTTP/1.1 200')
    await clock.advance(QUARTER)
    await clock.advance(IDLE)
    await closed
  })

  it('has the time for its first request that a request may take to arrive', async () => {
    const { clock, ask } = await open({ headersTimeoutMs: 0 })
    await clock.advance(10 * IDLE)
    expect(await ask()).toContain('HTTP/1.1 200')
  })

  it('is kept without end, and does not say for how long, if the time is 0', async () => {
    const { clock, ask } = await open({ idleTimeoutMs: 0 })
    expect(await ask()).not.toContain('Keep-Alive:')
    await clock.advance(1_000_000)
    expect(await ask()).toContain('HTTP/1.1 200')
  })
})
