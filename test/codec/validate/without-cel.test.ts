import { expect, it, vi } from 'vitest'
import { checkerOf } from './fixture.js'

vi.mock('../../../src/codec/library/lazy-package.js', async (original) => ({
  ...(await original<object>()),
  optionalPackage: () => undefined,
}))

it('says which package expressions need, and where the first of them is', () => {
  const rule = '(buf.validate.field).cel_expression = "this > 1"'
  expect(() => checkerOf(`message M { int32 v = 1 [${rule}]; }`)).toThrow(
    /test\.v1\.M\.v: a CEL expression needs the package @marcbachmann\/cel-js: npm install @marcbachmann\/cel-js/,
  )
})

it('applies all other rules without it', () => {
  const check = checkerOf('message M { int32 v = 1 [(buf.validate.field).int32.gt = 1]; }')
  expect(check({ v: 1 })).toEqual(['v int32.gt'])
})
