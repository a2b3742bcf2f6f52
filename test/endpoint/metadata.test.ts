import { Metadata } from 'tierkit/endpoint'
import { Code } from 'tierkit/error'
import { describe, expect, it } from 'vitest'

describe('Metadata', () => {
  it('has keys without case and keeps several values in order', () => {
    const metadata = new Metadata({ 'X-Role': ['a', 'b'] }).append('x-role', 'c')
    expect(metadata.getAll('X-ROLE')).toEqual(['a', 'b', 'c'])
    expect(metadata.get('x-role')).toBe('a')
    expect([...metadata.keys()]).toEqual(['x-role'])
  })

  it('takes bytes under -bin keys only, and text under others only', () => {
    const bytes = new Uint8Array([0xab])
    expect(new Metadata({ 'trace-bin': bytes }).getBytes('trace-bin')).toEqual(bytes)
    expect(() => new Metadata({ 'trace-bin': 'text' })).toThrow('metadata trace-bin needs bytes')
    expect(() => new Metadata({ trace: bytes })).toThrow('metadata trace needs text')
  })

  it.each(['', 'a b', 'a:b', 'ä', '__proto__ '])('refuses the key %j', (key) => {
    expect(() => new Metadata().set(key, 'x')).toThrow(expect.objectContaining({ code: Code.INTERNAL }))
  })

  it.each(['line\nbreak', 'tab\t', 'ü', '\x7f'])('refuses the value %j, naming the key', (value) => {
    expect(() => new Metadata().set('a', value)).toThrow('metadata a')
  })

  it('clones without sharing', () => {
    const one = new Metadata({ a: '1' })
    one.clone().append('a', '2')
    expect(one.getAll('a')).toEqual(['1'])
  })
})
