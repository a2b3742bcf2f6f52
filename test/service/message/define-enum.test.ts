import { defineEnum, defineMessage, field, type MessageOf } from 'tierkit/service'
import { describe, expect, expectTypeOf, it } from 'vitest'

const State = defineEnum(
  'shop.v1.State',
  { UNSPECIFIED: 0, OPEN: 1, PAID: 1 },
  { prefix: 'STATE_', comment: 'How far.', values: { OPEN: { comment: 'Not yet.', deprecated: true } }, reserved: [3] },
)
const Order = defineMessage('shop.v1.Order', {
  state: field(1, State),
  history: field(2, State, { repeated: true }),
  byName: field(3, { map: ['string', State] }),
})
const Parcel = defineMessage('shop.v1.Parcel', { state: field(1, () => State), order: field(2, Order) })

describe('defineEnum', () => {
  it('gives values their type', () => {
    expect(State).toEqual({ UNSPECIFIED: 0, OPEN: 1, PAID: 1 })
    expect(Object.isFrozen(State)).toBe(true)
    expectTypeOf<MessageOf<typeof Order>>().toEqualTypeOf<{
      state: 0 | 1
      history: (0 | 1)[]
      byName: Record<string, 0 | 1>
    }>()
  })

  it('makes one enum for as many messages as have it', () => {
    const message = {
      state: State.OPEN,
      order: { state: State.PAID, history: [0 as const], byName: { a: 1 as const } },
    }
    expect(Parcel.decode(Parcel.encode(message))).toEqual(message)
    expect(Parcel.toJson(message)).toEqual({
      state: 'STATE_OPEN',
      order: { state: 'STATE_OPEN', history: ['STATE_UNSPECIFIED'], byName: { a: 'STATE_OPEN' } },
    })
    expect(Parcel.schema?.declaredIn.enums.map(({ fullName }) => fullName)).toEqual(['shop.v1.State'])
  })

  it('says what else the contract says', () => {
    expect(Parcel.schema?.declaredIn.enums[0]).toMatchObject({
      comment: 'How far.',
      options: { allow_alias: true },
      reserved: { numbers: [[3, 3]], names: [] },
      values: [
        { name: 'STATE_UNSPECIFIED', number: 0, comment: undefined },
        { name: 'STATE_OPEN', number: 1, comment: 'Not yet.', deprecated: true },
        { name: 'STATE_PAID', number: 1 },
      ],
    })
  })

  it('lists what protobuf forbids', () => {
    const define = () =>
      defineEnum('shop..Bad', { ONE: 1, 'TW-O': 2, HALF: 0.5, OLD: 7, GONE: 8 }, { reserved: [[6, 7], 'GONE', [9, 8]] })
    expect(define).toThrow(
      [
        'enum shop..Bad cannot be defined:',
        '- "shop..Bad" is not a full name like shop.v1.Order',
        '- the enum Bad lacks the value 0, which is the default',
        '- the enum Bad cannot have "TW-O" = 2',
        '- the enum Bad cannot have "HALF" = 0.5',
        '- the enum Bad is wrong: OLD has the number 7, which is reserved',
        '- the enum Bad is wrong: GONE has the name GONE, which is reserved',
        '- the enum Bad is wrong: reserved 9 to 8 are not numbers from -2147483648 to 2147483647 in order',
      ].join('\n'),
    )
  })
})
