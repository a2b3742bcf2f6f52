import { createFakeClock } from 'tierkit/testing'
import { expect, it } from 'vitest'
import { Keepalive } from '../../../../src/transport/grpc/connect/keepalive.js'

function start(options: { withoutCalls?: boolean } = {}) {
  const clock = createFakeClock()
  const state = { streamCount: 1, callsBegun: 1, bytesRead: 0, pings: 0, dead: 0, answer: () => {} }
  const keepalive = new Keepalive({
    connection: {
      get streamCount() {
        return state.streamCount
      },
      ping(answered) {
        state.pings += 1
        state.answer = answered
      },
    },
    clock,
    timeMs: 1000,
    timeoutMs: 100,
    withoutCalls: options.withoutCalls ?? false,
    callsBegun: () => state.callsBegun,
    bytesRead: () => state.bytesRead,
    dead: () => {
      state.dead += 1
    },
  })
  return { clock, state, keepalive }
}

it('pings a connection that is silent, and gives it up if it does not answer in time', async () => {
  const { clock, state } = start()
  await clock.advance(999)
  expect(state.pings).toBe(0)
  await clock.advance(1)
  expect(state).toMatchObject({ pings: 1, dead: 0 })
  await clock.advance(100)
  expect(state.dead).toBe(1)
})

it.each([10, 500, 999])(
  'counts from the last byte, or a little before it: %s ms after the beginning',
  async (lastMs) => {
    const { clock, state } = start()
    await clock.advance(lastMs)
    state.bytesRead += 1
    await clock.advance(1000 - 1000 / 16 - 1)
    expect(state.pings).toBe(0)
    await clock.advance(1000 / 16 + 1)
    expect(state).toMatchObject({ pings: 1, dead: 0 })
    await clock.advance(100)
    expect(state.dead).toBe(1)
  },
)

it('takes any byte for an answer, which may be behind much else', async () => {
  const { clock, state } = start()
  await clock.advance(1000)
  expect(state.pings).toBe(1)
  state.bytesRead += 1
  await clock.advance(1000)
  expect(state).toMatchObject({ pings: 1, dead: 0 })
  await clock.advance(100)
  expect(state).toMatchObject({ pings: 2, dead: 0 })
})

it('goes on when there is an answer', async () => {
  const { clock, state } = start()
  await clock.advance(1000)
  state.bytesRead += 1
  state.answer()
  await clock.advance(999)
  expect(state).toMatchObject({ pings: 1, dead: 0 })
  await clock.advance(1)
  expect(state.pings).toBe(2)
})

it('does not ping while bytes arrive', async () => {
  const { clock, state } = start()
  for (let n = 0; n < 10; n += 1) {
    state.bytesRead += 1
    await clock.advance(900)
  }
  expect(state.pings).toBe(0)
})

it('pings without calls only if it is told so', async () => {
  for (const withoutCalls of [false, true]) {
    const { clock, state } = start({ withoutCalls })
    state.streamCount = 0
    await clock.advance(1000)
    expect(state.pings).toBe(withoutCalls ? 1 : 0)
  }
})

it('does not hold it against a call that there was silence before it', async () => {
  const { clock, state } = start()
  state.streamCount = 0
  await clock.advance(5000)
  state.streamCount = 1
  await clock.advance(900)
  expect(state.pings).toBe(0)
  await clock.advance(100)
  expect(state.pings).toBe(1)
})

it('finds a dead connection whose calls are all too short to be there when it looks', async () => {
  const { clock, state } = start()
  state.streamCount = 0
  for (let n = 0; n < 10; n += 1) {
    state.callsBegun += 1
    await clock.advance(100)
  }
  expect(state.pings).toBe(1)
  await clock.advance(100)
  expect(state.dead).toBe(1)
})

it('does not ping for calls that were answered', async () => {
  const { clock, state } = start()
  state.streamCount = 0
  for (let n = 0; n < 50; n += 1) {
    state.callsBegun += 1
    state.bytesRead += 1
    await clock.advance(100)
  }
  await clock.advance(5000)
  expect(state.pings).toBe(0)
})

it('leaves no timer behind', async () => {
  const { clock, keepalive } = start()
  await clock.advance(1000)
  keepalive.close()
  expect(clock.pending).toBe(0)
})
