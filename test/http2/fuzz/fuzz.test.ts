import { describe, expect, it } from 'vitest'
import { check, show } from './check.js'

const inputs = 50_000
const share = 10

describe('whatever arrives, and whatever the application does meanwhile', () => {
  it.each(Array.from({ length: share }, (_, part) => part))(
    'a connection keeps its promises (part %i)',
    { timeout: 120_000 },
    (part) => {
      for (let index = part; index < inputs; index += share) {
        const wrong = check(1, index)
        if (wrong.length > 0) expect.fail(`${wrong.join('\n')}\n${show(1, index)}`)
      }
    },
  )
})
