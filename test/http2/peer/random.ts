/** Whole numbers in [0, below), the same ones for the same seed. */
export type Random = (below: number) => number

/** A source of numbers by xorshift with 32 bits; good enough to play dice, and nothing else. */
export function randomFrom(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  for (let i = 0; i < 8; i += 1) next()
  return (below) => (below <= 1 ? 0 : next() % below)
}
