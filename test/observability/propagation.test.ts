import { Metadata, type MetadataInit } from 'tierkit/endpoint'
import { describe, expect, it } from 'vitest'
import { extractTrace, injectTrace, type TraceFormat } from '../../src/observability/propagation.js'
import { newTrace } from '../../src/observability/trace-context.js'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const PARENT = `00-${TRACE}-${SPAN}-01`

const extract = (metadata: MetadataInit, formats: readonly TraceFormat[] = ['w3c', 'b3']) =>
  extractTrace(new Metadata(metadata), formats)
const parent = (traceparent: string | string[]) => extract({ traceparent })
const state = (...tracestate: string[]) => extract({ traceparent: PARENT, tracestate })?.traceState

describe('traceparent', () => {
  it.each([
    ['sampled', PARENT, 1],
    ['not sampled', `00-${TRACE}-${SPAN}-00`, 0],
    ['with the random flag', `00-${TRACE}-${SPAN}-03`, 3],
    ['with unknown flags, which are dropped', `00-${TRACE}-${SPAN}-ff`, 3],
    ['of a higher version', `cc-${TRACE}-${SPAN}-01`, 1],
    ['of a higher version with more fields', `cc-${TRACE}-${SPAN}-01-what-the-future-holds`, 1],
    ['of a higher version with an empty further field', `cc-${TRACE}-${SPAN}-01-`, 1],
    ['with space around it', `\u0020${PARENT} `, 1],
  ])('is read when it is %s', (_, header, traceFlags) => {
    expect(parent(header)).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags })
  })

  it.each([
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['version 00 with more fields', `${PARENT}-more`],
    ['version 00 with a trailing dash', `${PARENT}-`],
    ['a higher version with text that is glued on', `cc-${TRACE}-${SPAN}-01.what`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['upper case', PARENT.toUpperCase()],
    ['a short trace id', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a long trace id', `00-${TRACE}0-${SPAN}-01`],
    ['a short span id', `00-${TRACE}-${SPAN.slice(1)}-01`],
    ['a short flag', `00-${TRACE}-${SPAN}-1`],
    ['a long flag', `00-${TRACE}-${SPAN}-001`],
    ['a letter that is no hex digit in the trace id', `00-${TRACE.replace('0', 'g')}-${SPAN}-01`],
    ['a letter that is no hex digit in the version', `0g-${TRACE}-${SPAN}-01`],
    ['a letter that is no hex digit in the flags', `00-${TRACE}-${SPAN}-0g`],
    ['a short version', `0-${TRACE}-${SPAN}-01`],
    ['underscores', PARENT.replaceAll('-', '_')],
    ['nothing in it', ''],
    ['dots', '.'.repeat(55)],
  ])('is ignored when it has %s', (_, header) => {
    expect(parent(header)).toBeUndefined()
  })

  it('is ignored when it came twice', () => {
    expect(parent([PARENT, PARENT])).toBeUndefined()
  })

  it('is written in version 00', () => {
    const metadata = new Metadata({ traceparent: 'old', tracestate: 'old=1' })
    injectTrace({ traceId: TRACE, spanId: SPAN, traceFlags: 0xff }, metadata, ['w3c'])
    expect(metadata.getAll('traceparent')).toEqual([`00-${TRACE}-${SPAN}-03`])
    expect(metadata.has('tracestate')).toBe(false)
  })
})

describe('tracestate', () => {
  it.each([
    ['one member', ['foo=1'], 'foo=1'],
    ['several headers, in their order', ['foo=1', 'bar=2,baz=3'], 'foo=1,bar=2,baz=3'],
    ['white space around members', ['foo=1 \t , \t bar=2'.replaceAll('\t', ' ')], 'foo=1,bar=2'],
    ['empty members', ['foo=1,', '', ',,bar=2'], 'foo=1,bar=2'],
    [
      'an equals-free value with odd characters',
      ['foo=!"#$%&\'()*+-./:;<>?@[]^_`{|}~'],
      'foo=!"#$%&\'()*+-./:;<>?@[]^_`{|}~',
    ],
    ['a multi-tenant key', [`${'t'.repeat(241)}@${'v'.repeat(14)}=1`], `${'t'.repeat(241)}@${'v'.repeat(14)}=1`],
    ['a key of 256 characters', [`${'z'.repeat(256)}=1`], `${'z'.repeat(256)}=1`],
    ['a key that begins with a digit', ['0foo=1'], '0foo=1'],
    [
      '32 members',
      [Array.from({ length: 32 }, (_, i) => `k${i}=1`).join(',')],
      Array.from({ length: 32 }, (_, i) => `k${i}=1`).join(','),
    ],
    ['the same key twice', ['foo=1,foo=2'], 'foo=1,foo=2'],
  ])('keeps %s', (_, headers, expected) => {
    expect(state(...headers)).toBe(expected)
  })

  it.each([
    ['no value', 'foo'],
    ['an empty value', 'foo='],
    ['an empty key', '=1'],
    ['an upper-case key', 'FOO=1'],
    ['a space in the key', 'foo =1'],
    ['a key of 257 characters', `${'z'.repeat(257)}=1`],
    ['a tenant of 242 characters', `${'t'.repeat(242)}@v=1`],
    ['a vendor of 15 characters', `t@${'v'.repeat(15)}=1`],
    ['two at signs', 'foo@bar@baz=1'],
    ['an equals sign in the value', 'foo=bar=baz'],
    ['a value of 257 characters', `foo=${'x'.repeat(257)}`],
    ['33 members', Array.from({ length: 33 }, (_, i) => `k${i}=1`).join(',')],
    ['one bad member among good ones', 'foo=1,BAR=2'],
  ])('is dropped as a whole for %s, and the traceparent stays', (_, header) => {
    expect(extract({ traceparent: PARENT, tracestate: header })).toEqual({
      traceId: TRACE,
      spanId: SPAN,
      traceFlags: 1,
    })
  })

  it('keeps at least 512 characters, and loses its long members first when it is too long', () => {
    const short = Array.from({ length: 16 }, (_, i) => `short${String(i).padStart(2, '0')}=${'x'.repeat(20)}`)
    const long = Array.from({ length: 16 }, (_, i) => `long${i}=${'y'.repeat(200)}`)
    const kept = state([...long, ...short].join(',')) ?? ''
    expect(kept.length).toBeGreaterThan(512)
    expect(kept.length).toBeLessThanOrEqual(2048)
    for (const member of short) expect(kept).toContain(member)
  })

  it('is ignored without a traceparent', () => {
    expect(extract({ tracestate: 'foo=1' })).toBeUndefined()
  })

  it('is passed on with the trace', () => {
    const metadata = new Metadata()
    injectTrace({ traceId: TRACE, spanId: SPAN, traceFlags: 1, traceState: 'foo=1,bar=2' }, metadata, ['w3c'])
    expect(metadata.get('tracestate')).toBe('foo=1,bar=2')
  })
})

describe('baggage', () => {
  it('is passed on as it came', () => {
    const trace = extract({ traceparent: PARENT, baggage: ['user=7;p=1', 'tenant=blue'] })
    const metadata = new Metadata()
    injectTrace(trace as never, metadata, ['w3c'])
    expect(metadata.get('baggage')).toBe('user=7;p=1,tenant=blue')
  })

  it('does not replace what the caller set', () => {
    const metadata = new Metadata({ baggage: 'mine=1' })
    injectTrace({ traceId: TRACE, spanId: SPAN, traceFlags: 1, baggage: 'theirs=1' }, metadata, ['w3c'])
    expect(metadata.getAll('baggage')).toEqual(['mine=1'])
  })

  it('is dropped when it is over 8 KiB', () => {
    expect(extract({ traceparent: PARENT, baggage: `a=${'x'.repeat(8192)}` })?.baggage).toBeUndefined()
  })
})

describe('B3', () => {
  const trace = (traceFlags: number, traceId = TRACE) => ({ traceId, spanId: SPAN, traceFlags })

  it.each([
    ['sampled', `${TRACE}-${SPAN}-1`, trace(1)],
    ['debugged', `${TRACE}-${SPAN}-d`, trace(1)],
    ['not sampled', `${TRACE}-${SPAN}-0`, trace(0)],
    ['undecided', `${TRACE}-${SPAN}`, trace(0)],
    ['with a parent', `${TRACE}-${SPAN}-1-05e3ac9a4f6e3b90`, trace(1)],
    ['of 64 bits, which are padded', `${TRACE.slice(16)}-${SPAN}-1`, trace(1, `${'0'.repeat(16)}${TRACE.slice(16)}`)],
    ['in upper case', `${TRACE}-${SPAN}-1`.toUpperCase(), trace(1)],
  ])('reads a single header that is %s', (_, b3, expected) => {
    expect(extract({ b3 })).toEqual(expected)
  })

  it.each([
    '0',
    '1',
    'd',
    '',
    '-',
    `${TRACE}`,
    `${TRACE}-${SPAN}-2`,
    `${TRACE}-${SPAN}-1-short`,
    `${'0'.repeat(32)}-${SPAN}-1`,
  ])('finds no trace in the single header %j', (b3) => {
    expect(extract({ b3 })).toBeUndefined()
  })

  it.each([
    ['sampled', { 'x-b3-sampled': '1' }, 1],
    ['sampled in the old way', { 'x-b3-sampled': 'true' }, 1],
    ['not sampled', { 'x-b3-sampled': '0' }, 0],
    ['debugged', { 'x-b3-flags': '1' }, 1],
    ['undecided', {}, 0],
  ])('reads several headers that are %s', (_, more, traceFlags) => {
    expect(extract({ 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-parentspanid': SPAN, ...more })).toEqual(
      trace(traceFlags),
    )
  })

  it.each([
    ['a missing span id', { 'x-b3-traceid': TRACE }],
    ['a missing trace id', { 'x-b3-spanid': SPAN }],
    ['a trace id of zeros', { 'x-b3-traceid': '0'.repeat(16), 'x-b3-spanid': SPAN }],
    ['a trace id of an odd length', { 'x-b3-traceid': TRACE.slice(1), 'x-b3-spanid': SPAN }],
  ])('finds no trace in several headers with %s', (_, metadata: MetadataInit) => {
    expect(extract(metadata)).toBeUndefined()
  })

  it('prefers the single header to several ones', () => {
    const other = 'a'.repeat(32)
    expect(extract({ b3: `${TRACE}-${SPAN}-1`, 'x-b3-traceid': other, 'x-b3-spanid': SPAN })?.traceId).toBe(TRACE)
  })

  it('is written as a single header, or as several by choice, never with the parent', () => {
    const single = new Metadata()
    injectTrace(trace(3), single, ['b3'])
    expect([...single]).toEqual([['b3', [`${TRACE}-${SPAN}-1`]]])
    const multi = new Metadata()
    injectTrace(trace(0), multi, ['b3multi'])
    expect([...multi]).toEqual([
      ['x-b3-traceid', [TRACE]],
      ['x-b3-spanid', [SPAN]],
      ['x-b3-sampled', ['0']],
    ])
  })
})

describe('extractTrace', () => {
  it('lets the first named format that names a trace win', () => {
    const both = { traceparent: PARENT, b3: `${'a'.repeat(32)}-${SPAN}-1` }
    expect(extract(both, ['w3c', 'b3'])?.traceId).toBe(TRACE)
    expect(extract(both, ['b3', 'w3c'])?.traceId).toBe('a'.repeat(32))
    expect(extract({ ...both, traceparent: 'broken' })?.traceId).toBe('a'.repeat(32))
  })
})

describe('newTrace', () => {
  it('makes ids that are never all zero, whatever chance brings', () => {
    expect(newTrace(() => 0)).toEqual({ traceId: `${'0'.repeat(31)}1`, spanId: `${'0'.repeat(15)}1`, traceFlags: 2 })
    const most = newTrace(() => 1 - Number.EPSILON / 2)
    expect(parent(`00-${most.traceId}-${most.spanId}-00`)).toBeDefined()
  })
})
