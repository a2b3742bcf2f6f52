import assert from 'node:assert/strict'
import { Code } from 'tierkit'
import { type Case, failsWith, payload } from './case.js'

const REQUEST_BYTES = 271_828
const RESPONSE_BYTES = 314_159
const SPECIAL = '\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP \u{1F608}\t\n'

/** One large call. */
export const largeUnary: Case = async ({ test }) => {
  const { payload: received } = await test.unaryCall({ responseSize: RESPONSE_BYTES, payload: payload(REQUEST_BYTES) })
  assert.equal(received?.body.length, RESPONSE_BYTES)
}

export const unaryCases: Readonly<Record<string, Case>> = {
  async empty_unary({ test }) {
    assert.deepEqual({ ...(await test.emptyCall({})) }, {})
  },

  large_unary: largeUnary,

  async special_status_message({ test }) {
    const responseStatus = { code: Code.UNKNOWN, message: SPECIAL }
    await failsWith(test.unaryCall({ responseStatus }), Code.UNKNOWN, SPECIAL)
  },

  async unimplemented_method({ test }) {
    await failsWith(test.unimplementedCall({}), Code.UNIMPLEMENTED)
  },

  async unimplemented_service({ unimplemented }) {
    await failsWith(unimplemented.unimplementedCall({}), Code.UNIMPLEMENTED)
  },
}
