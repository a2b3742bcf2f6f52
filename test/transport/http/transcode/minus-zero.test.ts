import { describe, expect, it } from 'vitest'
import { callThrough, library } from './library.js'

describe('minus zero', () => {
  it('is a number in JSON, with its sign, in and out of envelopes', async () => {
    const { ask } = await library()
    expect((await ask('POST /v1/books', { body: '{"price":-0}' })).text).toBe('{"price":-0}')
    expect((await ask('GET /v1/any/t?price=-0')).text).toBe('{"title":"t","price":-0}')
    const wrapped = await library({ envelope: { success: (json) => ({ ok: true, json }) } })
    expect((await wrapped.ask('POST /v1/books', { body: '{"price":"-0"}' })).text).toBe(
      '{"ok":true,"json":{"price":-0}}',
    )
  })

  it.each([
    ['create', { price: -0 }],
    ['any', { title: 't', price: -0 }],
  ])('goes to a server and back by rules: %s', async (name, book) => {
    const { url } = await library()
    for (const rules of [true, false]) expect((await callThrough(url, name, book, { rules })).price).toBe(-0)
  })
})
