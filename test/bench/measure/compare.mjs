/** The middle value. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Measures contenders in turn, A B C A B C …, `rounds` times after one round that does not count, and gives each with its
 * ratio to the peer of the same round: the median, with the least and the greatest.
 *
 * `better` says whether more or less is better; ratios are always so that more is better.
 */
export async function inTurn(contenders, { rounds, peer, better = 'more', unit, goal }) {
  const seen = new Map(contenders.map(({ name }) => [name, []]))
  for (let round = -1; round < rounds; round += 1) {
    for (const { name, measure } of contenders) {
      const value = await measure()
      if (round >= 0) seen.get(name).push(value)
      process.stderr.write('.')
    }
  }
  process.stderr.write('\n')
  return contenders.map(({ name }) => {
    const values = seen.get(name)
    const ratios = values.map((value, round) => {
      const other = seen.get(peer)[round]
      return better === 'more' ? value / other : other / value
    })
    return {
      name,
      peer,
      unit,
      value: median(values),
      ratio: median(ratios),
      min: Math.min(...ratios),
      max: Math.max(...ratios),
      goal: goal?.[name],
    }
  })
}
