import { codeName } from '../../error/code.js'
import { equal, gate } from './check.js'
import type { Claims } from './claim.js'
import { echo } from './echo.js'
import { Stage } from './stage.js'
import { waiting } from './waiting.js'

/** How a server ends. */
export const drainCases: Claims = {
  'lets running calls end while it drains, and takes no new ones': async (transport, kind) => {
    const entered = gate()
    const released = gate()
    const stage = await Stage.open(transport, kind, async function* () {
      entered.open()
      await released.reached
      yield echo({ text: 'done' })
    })
    const running = stage.call([echo()])
    await entered.reached
    const drained = stage.server.drain(60_000)
    released.open()
    equal((await running).responses[0]?.text, 'done', 'response of the running call')
    await drained
    equal(codeName((await stage.fail([echo()])).code), 'UNAVAILABLE', 'code of a call after the drain')
    await stage.close()
  },

  'cancels with UNAVAILABLE what has not ended when the drain is over': async (transport, kind) => {
    const { stage, entered, cancelled } = await waiting(transport, kind)
    const failing = stage.fail([echo()])
    await entered
    await stage.server.drain(50)
    equal(codeName((await failing).code), 'UNAVAILABLE', 'code at the caller')
    equal(codeName((await cancelled).code), 'UNAVAILABLE', 'code in the handler')
    await stage.close()
  },

  'closes at once, with calls under way': async (transport, kind) => {
    const { stage, entered, cancelled } = await waiting(transport, kind)
    const failing = stage.fail([echo()])
    await entered
    await stage.server.close()
    equal(codeName((await failing).code), 'UNAVAILABLE', 'code at the caller')
    await cancelled
    await stage.close()
  },
}
