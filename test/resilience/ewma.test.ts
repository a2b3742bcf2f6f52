import { describe, expect, it } from 'vitest'
import { PeakEwma } from '../../src/resilience/ewma.js'

describe('PeakEwma', () => {
  it('is 0 before the first sample, and then that sample', () => {
    const ewma = new PeakEwma(10_000)
    expect(ewma.valueAt(5)).toBe(0)
    ewma.observe(40, 5)
    expect(ewma.valueAt(5)).toBe(40)
  })

  it('jumps to a peak at once and comes down slowly', () => {
    const ewma = new PeakEwma(10_000)
    ewma.observe(10, 0)
    ewma.observe(100, 1)
    expect(ewma.valueAt(1)).toBe(100)
    ewma.observe(10, 2)
    expect(ewma.valueAt(2)).toBeGreaterThan(99)
  })

  it('keeps a hundredth of a peak after its time, with samples or without', () => {
    const silent = new PeakEwma(10_000)
    const sampled = new PeakEwma(10_000)
    silent.observe(100, 0)
    sampled.observe(100, 0)
    for (let at = 100; at <= 10_000; at += 100) sampled.observe(0, at)
    expect(silent.valueAt(10_000)).toBeCloseTo(1, 9)
    expect(sampled.valueAt(10_000)).toBeCloseTo(1, 9)
  })

  it('comes down to what it is told, however often it is told', () => {
    const often = new PeakEwma(10_000)
    const seldom = new PeakEwma(10_000)
    often.observe(100, 0)
    seldom.observe(100, 0)
    for (let at = 10; at <= 5_000; at += 10) often.observe(20, at)
    seldom.observe(20, 5_000)
    expect(often.valueAt(5_000)).toBeCloseTo(seldom.valueAt(5_000), 9)
  })
})
