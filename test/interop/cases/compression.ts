import assert from 'node:assert/strict'
import { Code, type Context } from 'tierkit'
import { compressionKey, wasCompressedKey } from 'tierkit/transport/grpc'
import { type Case, failsWith, type Peer, payload } from './case.js'

const REQUEST_BYTES = 271_828
const RESPONSE_BYTES = 314_159

const yes = { value: true }
const no = { value: false }

/** A client, and the context of the call that it made last. */
function watched({ watch }: Peer) {
  const last: { context?: Context; compresses: boolean } = { compresses: false }
  const test = watch((context) => {
    last.context = context.set(compressionKey, last.compresses)
  })
  return { test, last }
}

export const compressionCases: Readonly<Record<string, Case>> = {
  async client_compressed_unary(peer) {
    const { test, last } = watched(peer)
    const request = { responseSize: RESPONSE_BYTES, payload: payload(REQUEST_BYTES) }
    await failsWith(test.unaryCall({ ...request, expectCompressed: yes }), Code.INVALID_ARGUMENT)
    for (const expectCompressed of [yes, no]) {
      last.compresses = expectCompressed.value
      const response = await test.unaryCall({ ...request, expectCompressed })
      assert.equal(response.payload?.body.length, RESPONSE_BYTES)
    }
  },

  async client_compressed_streaming(peer) {
    const { test, last } = watched(peer)
    const probe = test.streamingInputCall([{ payload: payload(27_182), expectCompressed: yes }])
    await failsWith(probe, Code.INVALID_ARGUMENT)
    async function* requests() {
      last.context?.set(compressionKey, true)
      yield { payload: payload(27_182), expectCompressed: yes }
      last.context?.set(compressionKey, false)
      yield { payload: payload(45_904), expectCompressed: no }
    }
    assert.equal((await test.streamingInputCall(requests())).aggregatedPayloadSize, 73_086)
  },

  async server_compressed_unary(peer) {
    const { test, last } = watched(peer)
    for (const responseCompressed of [yes, no]) {
      const request = { responseSize: RESPONSE_BYTES, payload: payload(REQUEST_BYTES), responseCompressed }
      const response = await test.unaryCall(request)
      assert.equal(response.payload?.body.length, RESPONSE_BYTES)
      assert.equal(last.context?.get(wasCompressedKey) ?? false, responseCompressed.value)
    }
  },

  async server_compressed_streaming(peer) {
    const { test, last } = watched(peer)
    const responseParameters = [
      { size: 31_415, compressed: yes },
      { size: 92_653, compressed: no },
    ]
    const seen: [number | undefined, boolean | undefined][] = []
    for await (const response of test.streamingOutputCall({ responseParameters })) {
      seen.push([response.payload?.body.length, last.context?.get(wasCompressedKey)])
    }
    assert.deepEqual(seen, [
      [31_415, true],
      [92_653, false],
    ])
  },
}
