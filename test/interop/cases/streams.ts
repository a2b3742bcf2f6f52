import assert from 'node:assert/strict'
import { Code } from 'tierkit'
import { type Case, collect, failsWith, payload } from './case.js'

const REQUEST_SIZES = [27_182, 8, 1_828, 45_904]
const RESPONSE_SIZES = [31_415, 9, 2_653, 58_979]

const pings = REQUEST_SIZES.map((size, at) => ({
  responseParameters: [{ size: RESPONSE_SIZES[at] ?? 0 }],
  payload: payload(size),
}))

export const streamCases: Readonly<Record<string, Case>> = {
  async client_streaming({ test }) {
    const requests = REQUEST_SIZES.map((size) => ({ payload: payload(size) }))
    const { aggregatedPayloadSize } = await test.streamingInputCall(requests)
    assert.equal(aggregatedPayloadSize, 74_922)
  },

  async server_streaming({ test }) {
    const responseParameters = RESPONSE_SIZES.map((size) => ({ size }))
    const responses = await collect(test.streamingOutputCall({ responseParameters }))
    assert.deepEqual(
      responses.map((response) => response.payload?.body.length),
      RESPONSE_SIZES,
    )
  },

  async ping_pong({ test }) {
    let answered: () => void = () => {}
    async function* requests() {
      for (const ping of pings) {
        const answer = new Promise<void>((resolve) => {
          answered = resolve
        })
        yield ping
        await answer
      }
    }
    const sizes: (number | undefined)[] = []
    for await (const response of test.fullDuplexCall(requests())) {
      sizes.push(response.payload?.body.length)
      answered()
    }
    assert.deepEqual(sizes, RESPONSE_SIZES)
  },

  async empty_stream({ test }) {
    assert.deepEqual(await collect(test.fullDuplexCall([])), [])
  },

  async cancel_after_begin({ test }) {
    const controller = new AbortController()
    async function* requests() {
      // The call has begun when its requests are asked for.
      controller.abort()
      await new Promise(() => {})
      yield { payload: payload(0) }
    }
    await failsWith(test.streamingInputCall(requests(), { signal: controller.signal }), Code.CANCELLED)
  },

  async cancel_after_first_response({ test }) {
    const controller = new AbortController()
    async function* requests() {
      yield pings[0] ?? {}
      await new Promise(() => {})
    }
    const call = (async () => {
      for await (const response of test.fullDuplexCall(requests(), { signal: controller.signal })) {
        assert.equal(response.payload?.body.length, RESPONSE_SIZES[0])
        controller.abort()
      }
    })()
    await failsWith(call, Code.CANCELLED)
  },

  async timeout_on_sleeping_server({ test }) {
    async function* requests() {
      yield { payload: payload(27_182) }
      await new Promise(() => {})
    }
    await failsWith(collect(test.fullDuplexCall(requests(), { timeoutMs: 1 })), Code.DEADLINE_EXCEEDED)
  },
}
