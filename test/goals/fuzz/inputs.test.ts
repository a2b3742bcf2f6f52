import { RpcError } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../http2/peer/random.js'
import { report, scaled } from '../scale.js'
import { kinds } from './kinds.js'

const INPUTS = scaled(10_000, 250_000)
const SEED = Number(process.env.GOALS_SEED ?? 1)

describe('whatever is read', () => {
  it.each(Object.entries(kinds))(
    '%s: is understood or refused, and changes nothing else',
    {
      timeout: 600_000,
    },
    (kind, take) => {
      let slowestMs = 0
      let refused = 0
      for (let input = 0; input < INPUTS; input += 1) {
        const start = performance.now()
        try {
          take(randomFrom(SEED * 1e6 + input))
        } catch (thrown) {
          refused += 1
          if (!(thrown instanceof RpcError)) expect.fail(`seed ${SEED}, input ${input}: ${(thrown as Error)?.stack}`)
        }
        slowestMs = Math.max(slowestMs, performance.now() - start)
      }
      report(44, { kind, INPUTS, refused, slowestMs })
      expect(Object.keys(Object.prototype)).toEqual([])
      expect(({} as Record<string, unknown>).text).toBeUndefined()
      // Both ways are tried.
      expect(refused).toBeGreaterThan(kind === 'paths' ? -1 : 0)
      expect(refused).toBeLessThan(INPUTS)
    },
  )
})
