import { connect, type Socket } from 'node:net'
import { createFakeClock, type FakeClock } from 'tierkit/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bindings, echo } from './browser/contract.js'
import { starting } from './browser/fixture.js'

// Beyond what the buffers of a connection take in.
const LONG = 'ä'.repeat(12_000_000)
const body = '{"text":"a"}'
const request = (type: string, more = ''): string =>
  `POST /web.v1.Web/Say HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`

const ways = [
  ['JSON', request('application/json')],
  ['JSON with trailers', request('application/json', 'TE: trailers\r\n')],
  ['Connect', request('application/json', 'Connect-Protocol-Version: 1\r\n')],
] as const

/** A connection that nothing is read from until it is asked to. */
async function asking(clock: FakeClock, text: string) {
  const served = bindings(async function* (_, context) {
    context.responseTrailers.set('x-end', 'yes')
    yield echo({ text: LONG })
  })
  const { server, port } = await starting('http()', served, { clock, writeTimeoutMs: 1000, idleTimeoutMs: 0 })
  const socket = connect(port, '127.0.0.1')
  socket.setMaxListeners(0)
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  socket.pause()
  socket.write(text)
  // The response is there once its reader is watched.
  await expect.poll(() => clock.pending, { timeout: 5000 }).toBeGreaterThan(0)
  return { socket, written: () => server.snapshot?.()?.oldest[0]?.bytesWritten ?? 0 }
}

/** Reads about so many bytes, and then no more. */
function read(socket: Socket, bytes: number): Promise<string> {
  let text = ''
  if (socket.closed) return Promise.resolve(text)
  return new Promise((resolve) => {
    const take = (chunk: Buffer): void => {
      text += chunk.toString('latin1')
      if (text.length < bytes) return
      socket.pause().off('data', take)
      resolve(text)
    }
    socket
      .on('data', take)
      .once('close', () => resolve(text))
      .resume()
  })
}

describe('a long response', () => {
  it.each(ways)('in %s waits for a reader who is slow, and arrives whole', async (_, text) => {
    const clock = createFakeClock()
    const { socket, written } = await asking(clock, text)
    let all = ''
    // Three times as long as a reader may take nothing.
    for (let part = 0; part < 3; part += 1) {
      for (const before = written(); written() === before && !socket.closed; ) all += await read(socket, 500_000)
      expect(socket.closed).toBe(false)
      await clock.advance(999)
    }
    all += await read(socket, Number.POSITIVE_INFINITY)
    // Heads and lengths of chunks left out.
    expect(all.replace(/[^\xc3\xa4]/g, '').length).toBe(Buffer.byteLength(LONG))
  })

  it.each(ways)('in %s is cut off from a reader who takes nothing', async (_, text) => {
    const clock = createFakeClock()
    const { socket } = await asking(clock, text)
    await read(socket, 1_000_000)
    for (let second = 0; second < 3; second += 1) await clock.advance(1000)
    const rest = await read(socket, 24_000_000)
    expect(rest.length).toBeLessThan(22_000_000)
    expect(socket.closed).toBe(true)
  })
})
