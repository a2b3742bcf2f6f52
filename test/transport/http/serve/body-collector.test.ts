import { Code } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { BodyCollector } from '../../../../src/transport/http/serve/body-collector.js'
import { Gathered } from '../../../../src/transport/http/wire/gathered.js'

interface Taken {
  readonly error: Error | undefined
  readonly body: string
}

function collect(limit: number, pieces: readonly string[]): Taken[] {
  const taken: Taken[] = []
  const collector = new BodyCollector(limit, (error, body) => taken.push({ error, body: body.toString() }))
  for (const piece of pieces) collector.add(Buffer.from(piece))
  collector.end()
  return taken
}

describe('BodyCollector', () => {
  it.each([
    ['nothing', []],
    ['one piece', ['abc']],
    ['pieces', ['a', 'bc', '', 'def', 'g', 'hijklmnop']],
    ['as much as may be', ['abcde', 'fghij', 'klmnopqrst']],
  ])('gives %s as one', (_, pieces) => {
    expect(collect(20, pieces)).toEqual([{ error: undefined, body: pieces.join('') }])
  })

  it('refuses what is too long, once and without keeping any of it', () => {
    const [taken, ...further] = collect(5, ['abc', 'def', 'ghi'])
    expect(taken).toMatchObject({ body: '', error: { code: Code.RESOURCE_EXHAUSTED, status: 413 } })
    expect(further).toEqual([])
  })

  it('does not change what it was given', () => {
    const first = Buffer.from('ab')
    const collector = new BodyCollector(10, () => {})
    collector.add(first.subarray(0, 1))
    collector.add(Buffer.from('x'))
    collector.end()
    expect(first.toString()).toBe('ab')
  })
})

describe('Gathered', () => {
  it('keeps pieces in one place, and begins anew once they are taken', () => {
    const gathered = new Gathered()
    for (const letter of 'abcdefghij') gathered.add(Buffer.from(letter))
    const taken = gathered.take()
    expect([taken.toString(), gathered.size, gathered.take().length]).toEqual(['abcdefghij', 0, 0])
    gathered.add(Buffer.from('x'))
    expect(gathered.take().toString() + taken.toString()).toBe('xabcdefghij')
  })
})
