import { streamsRequests, streamsResponses } from '../../endpoint/method.js'
import { codeName } from '../../error/code.js'
import { check, equal, gate } from './check.js'
import { type Claims, only } from './claim.js'
import { type Echo, echo } from './echo.js'
import { MAX_RECEIVE_BYTES, Stage } from './stage.js'

const MESSAGE_BYTES = 64 * 1024
/** So much that no sensible buffer holds it: 256 MiB. */
const MESSAGES = 4096

/** Counts what a stream of large messages gave out. */
function producer() {
  let produced = 0
  async function* messages(): AsyncGenerator<Echo> {
    const payload = new Uint8Array(MESSAGE_BYTES)
    for (; produced < MESSAGES; produced += 1) yield echo({ payload })
  }
  return { messages, produced: () => produced }
}

/** Lets an eager sender run ahead: the other end answers calls while it does not read. */
async function letItRun(stage: Stage): Promise<void> {
  for (let round = 0; round < 50; round += 1) await stage.ping()
}

/** Limits on messages, and back-pressure on streams. */
export const loadCases: Claims = {
  'refuses a message over the limit and goes on': async (transport, kind) => {
    const stage = await Stage.open(transport, kind, async function* (requests) {
      for await (const _ of requests);
      yield echo()
    })
    const error = await stage.fail([echo({ payload: new Uint8Array(MAX_RECEIVE_BYTES + 1) })])
    equal(codeName(error.code), 'RESOURCE_EXHAUSTED', 'code')
    await stage.ping()
    await stage.close()
  },

  'does not run ahead of a caller that reads slowly': only(streamsResponses, async (transport, kind) => {
    const { messages, produced } = producer()
    const stage = await Stage.open(transport, kind, messages)
    for await (const _ of stage.begin([echo()]).responses) {
      await letItRun(stage)
      check(produced() < MESSAGES / 4, `a paused stream of ${MESSAGES} messages ran ahead to ${produced()}`)
      break
    }
    await stage.close()
  }),

  'does not run ahead of a handler that reads slowly': only(streamsRequests, async (transport, kind) => {
    const { messages, produced } = producer()
    const reading = gate()
    const stage = await Stage.open(transport, kind, async function* (requests, context) {
      for await (const _ of requests) {
        reading.open()
        await new Promise((resolve) => context.onCancel(resolve))
      }
      yield echo()
    })
    const controller = new AbortController()
    const failing = stage.fail(messages(), { signal: controller.signal })
    await reading.reached
    await letItRun(stage)
    check(produced() < MESSAGES / 4, `a paused stream of ${MESSAGES} messages ran ahead to ${produced()}`)
    controller.abort()
    await failing
    await stage.close()
  }),
}
