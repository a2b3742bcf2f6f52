/** An order as a shop would send it, of about 1 KB, in the shape of tierkit. */
export const order = {
  orderId: 'ord_01HZX3V9QK7D2M4T8B6N5C1R0F',
  customerId: 'cus_8f14e45fceea167a',
  status: 2,
  placedAt: { seconds: 1_767_225_600n, nanos: 250_000_000 },
  items: ['Espresso grinder, conical burrs', 'Filter paper, unbleached, 100 sheets', 'Ethiopia Yirgacheffe, 500 g'].map(
    (title, n) => ({
      sku: `SKU-${1000 + n * 137}`,
      title,
      quantity: n + 1,
      price: { currency: 'EUR', units: BigInt(20 + n * 79), nanos: 990_000_000 },
      tags: ['kitchen', 'coffee', n % 2 ? 'consumable' : 'durable'],
      gift: n === 1,
    }),
  ),
  shipping: {
    name: 'Ada Lovelace',
    street: 'Große Straße 12',
    city: 'Düsseldorf',
    postalCode: '40213',
    countryCode: 'DE',
  },
  billing: {
    name: 'Analytical Engines Ltd',
    street: '12 St James Square',
    city: 'London',
    postalCode: 'SW1Y 4JH',
    countryCode: 'GB',
  },
  labels: { channel: 'web', campaign: 'spring-2026', warehouse: 'dus-2', priority: 'standard' },
  total: { currency: 'EUR', units: 491n, nanos: 970_000_000 },
  version: 9_007_199_254_740_993n,
  promotions: [11, 240, 70_000],
  weightKg: 4.25,
  note:
    'Please ring twice and leave the parcel with the neighbours on the second floor if nobody answers the door. ' +
    'The grinder is a present: no invoice in the box, please. Deliveries before nine in the morning are welcome.',
  coupon: 'SPRING-15',
  payment: { case: 'cardToken', value: 'tok_1N3T00LkdIwHu7ix6xjxLmHV' },
}

/** A message of two fields. */
export const greeting = { name: 'world', count: 42 }
