import { streamsRequests, streamsResponses } from '../../endpoint/method.js'
import { Code, codeName } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { check, equal, gate } from './check.js'
import { type Claims, only } from './claim.js'
import { type Echo, echo } from './echo.js'
import { Stage } from './stage.js'
import { waiting } from './waiting.js'

/** Deadlines and cancellation, from both ends. */
export const cancellationCases: Claims = {
  'ends at the deadline, at the caller and in the handler': async (transport, kind) => {
    const { stage, entered, cancelled } = await waiting(transport, kind)
    const error = await stage.fail([echo()], { timeoutMs: 300 })
    equal(codeName(error.code), 'DEADLINE_EXCEEDED', 'code at the caller')
    const remainingMs = await entered
    check(remainingMs !== undefined && remainingMs <= 300, 'the handler knows the deadline')
    const { code } = await cancelled
    // The caller's own cancellation may overtake the handler's timer.
    check(code === Code.DEADLINE_EXCEEDED || code === Code.CANCELLED, 'the handler is cancelled')
    await stage.close()
  },

  'does not begin a call whose deadline has passed': async (transport, kind) => {
    let entered = false
    const stage = await Stage.open(transport, kind, async function* () {
      entered = true
      yield echo()
    })
    const error = await stage.fail([echo()], { timeoutMs: 0 })
    equal(codeName(error.code), 'DEADLINE_EXCEEDED', 'code')
    await stage.ping()
    check(!entered, 'the handler was not called')
    await stage.close()
  },

  'does not cut a call short whose deadline is months away': async (transport, kind) => {
    const stage = await Stage.open(transport, kind, async function* (_, { deadline, clock }) {
      yield echo({ number: BigInt(Math.round(((deadline ?? 0) - clock.now()) / 3_600_000)) })
    })
    const { responses } = await stage.call([echo()], { timeoutMs: 60 * 24 * 3_600_000 })
    equal(responses[0]?.number, 60n * 24n, 'hours left, as the handler sees them')
    await stage.close()
  },

  "cancels the handler when the caller's signal aborts": async (transport, kind) => {
    const { stage, entered, cancelled } = await waiting(transport, kind)
    const controller = new AbortController()
    const failing = stage.fail([echo()], { signal: controller.signal })
    await entered
    controller.abort()
    equal(codeName((await failing).code), 'CANCELLED', 'code at the caller')
    equal(codeName((await cancelled).code), 'CANCELLED', 'code in the handler')
    await stage.ping()
    await stage.close()
  },

  'cancels the handler when the caller leaves the stream': only(streamsResponses, async (transport, kind) => {
    const { stage, cancelled } = await waiting(transport, kind)
    for await (const { text } of stage.begin([echo()]).responses) {
      equal(text, 'first', 'response')
      break
    }
    equal(codeName((await cancelled).code), 'CANCELLED', 'code in the handler')
    await stage.close()
  }),

  'cancels the call when the request stream throws, with that error': only(streamsRequests, async (transport, kind) => {
    const broken = gate<unknown>()
    const stage = await Stage.open(transport, kind, async function* (requests) {
      try {
        for await (const _ of requests);
        broken.open(undefined)
      } catch (error) {
        broken.open(error)
      }
      yield echo()
    })
    const error = await stage.fail(breaking())
    equal(error.rawMessage, 'no more requests', 'message')
    check((await broken.reached) !== undefined, 'the handler does not take the broken stream for a complete one')
    await stage.close()
  }),
}

async function* breaking(): AsyncGenerator<Echo> {
  yield echo()
  throw new RpcError(Code.DATA_LOSS, 'no more requests')
}
