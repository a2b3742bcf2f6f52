import { describe, expect, it } from 'vitest'
import { parseTemplate } from '../../../../src/transport/http/route/template.js'

/** Segments, variables as `field[start,end)`, verb. */
function parts(text: string): [string, string, string] {
  const { segments, variables, verb } = parseTemplate(text)
  const places = variables.map(({ fieldPath, start, end }) => `${fieldPath.join('.')}[${start},${end})`)
  return [segments.join(' '), places.join(' '), verb]
}

describe('a path template', () => {
  it.each([
    ['/', '', '', ''],
    ['/v1/orders', 'v1 orders', '', ''],
    ['/v1/{order_id}', 'v1 *', 'order_id[1,2)', ''],
    ['/v1/{order_id=*}', 'v1 *', 'order_id[1,2)', ''],
    ['/shelves/{shelf}/books/{book}', 'shelves * books *', 'shelf[1,2) book[3,4)', ''],
    ['/v1/{a.b.c}', 'v1 *', 'a.b.c[1,2)', ''],
    ['/v1/{name=shelves/*}', 'v1 shelves *', 'name[1,3)', ''],
    ['/v1/{name=shelves/*/books/*}/x', 'v1 shelves * books * x', 'name[1,5)', ''],
    ['/v1/{name=**}', 'v1 **', 'name[1,2)', ''],
    ['/{name=a/**/b}/c', 'a ** b c', 'name[0,3)', ''],
    ['/*/**', '* **', '', ''],
    ['/v1/orders:search', 'v1 orders', '', 'search'],
    ['/v1/{id}:cancel', 'v1 *', 'id[1,2)', 'cancel'],
    ['/**:verb', '**', '', 'verb'],
    ['/shop.v1.Orders/Place', 'shop.v1.Orders Place', '', ''],
  ])('%s is read', (text, segments, variables, verb) => {
    expect(parts(text)).toEqual([segments, variables, verb])
  })

  it.each([
    [''],
    ['v1'],
    ['//'],
    ['/v1/'],
    ['/v1//x'],
    ['/{}'],
    ['/{a'],
    ['/{a.}'],
    ['/{1a}'],
    ['/{a=}'],
    ['/{a=/b}'],
    ['/{a={b}}'],
    ['/x{a}'],
    ['/{a}x'],
    ['/:verb'],
    ['/a:'],
    ['/{a}:'],
    ['/{a=b:c}'],
    ['/a:b/c'],
    ['/**/*'],
    ['/**/**'],
    ['/{a=**}/{b}'],
    ['/{a}/{a}'],
    ['/a?b'],
    ['/a b'],
  ])('%j is refused, with the place', (text) => {
    expect(() => parseTemplate(text)).toThrow(/^path template ".*": .* at character \d+$/)
  })
})
