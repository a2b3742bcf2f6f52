import assert from 'node:assert/strict'
import { Code, type Context } from 'tierkit'
import { type Case, collect, failsWith, payload } from './case.js'

const INITIAL = 'x-grpc-test-echo-initial'
const TRAILING = 'x-grpc-test-echo-trailing-bin'
const metadata = { [INITIAL]: 'test_initial_metadata_value', [TRAILING]: new Uint8Array([0xab, 0xab, 0xab]) }

function checkEchoed({ responseHeaders, responseTrailers }: Context): void {
  assert.equal(responseHeaders.get(INITIAL), metadata[INITIAL])
  assert.deepEqual([...(responseTrailers.getBytes(TRAILING) ?? [])], [0xab, 0xab, 0xab])
}

const responseStatus = { code: Code.UNKNOWN, message: 'test status message' }

export const metadataCases: Readonly<Record<string, Case>> = {
  async custom_metadata({ test }) {
    let checked = 0
    const onResponse = (context: Context): void => {
      checkEchoed(context)
      checked += 1
    }
    const request = { responseSize: 314_159, payload: payload(271_828) }
    await test.unaryCall(request, { metadata, onResponse })
    const stream = { responseParameters: [{ size: 314_159 }], payload: payload(271_828) }
    await collect(test.fullDuplexCall([stream], { metadata, onResponse }))
    assert.equal(checked, 2)
  },

  async status_code_and_message({ test }) {
    await failsWith(test.unaryCall({ responseStatus }), Code.UNKNOWN, responseStatus.message)
    await failsWith(collect(test.fullDuplexCall([{ responseStatus }])), Code.UNKNOWN, responseStatus.message)
  },
}
