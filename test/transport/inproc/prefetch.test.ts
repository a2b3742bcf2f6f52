import { expect, it } from 'vitest'
import { Prefetch } from '../../../src/transport/inproc/prefetch.js'

const turn = () => new Promise((resolve) => setImmediate(resolve))

it('reads ahead of its reader, but not without bound', async () => {
  let pulled = 0
  const stream = new Prefetch(async () => {
    pulled += 1
    return { done: false, value: pulled }
  })
  await turn()
  expect(pulled).toBe(16)
  expect(await stream.next()).toEqual({ done: false, value: 1 })
  await turn()
  expect(pulled).toBe(17)
})

it('gives the messages before an error first', async () => {
  const results = [1, 2]
  const stream = new Prefetch(async () => {
    const value = results.shift()
    if (value === undefined) throw new Error('broken')
    return { done: false, value }
  })
  await turn()
  expect(await stream.next()).toEqual({ done: false, value: 1 })
  expect(await stream.next()).toEqual({ done: false, value: 2 })
  await expect(stream.next()).rejects.toThrow('broken')
})

it('wakes every reader that waits when it ends', async () => {
  const stream = new Prefetch(() => new Promise<IteratorResult<number>>(() => {}))
  const reads = [stream.next(), stream.next()]
  stream.stop()
  expect(await Promise.all(reads)).toEqual([
    { done: true, value: undefined },
    { done: true, value: undefined },
  ])
})

it('fails at once, without what was not read', async () => {
  const stream = new Prefetch(async () => ({ done: false, value: 1 }))
  await turn()
  stream.fail(new Error('cancelled'))
  await expect(stream.next()).rejects.toThrow('cancelled')
})
