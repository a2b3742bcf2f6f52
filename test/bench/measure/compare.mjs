/** The middle value. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Measures contenders in turn, A B C A B C …, `rounds` times after one round that does not count. A measure gives its value,
 * or `{ value, cpuMicros }` with the CPU time that each call, message or request took.
 *
 * Ratios are to the peer, which a contender may have of its own, in the same round, value by value: the median, with the least and the greatest. Those of CPU time
 * are the peer's time over the contender's, so that more is better. `better` says whether more or less of the value is.
 *
 * A contender has goals: `{ peer, ratio }` is the ratio to that peer at least or, where less is better, at most;
 * `{ value }` is a value, and `{ peer, over }` a value above that of the peer.
 */
export async function inTurn(contenders, { rounds, peer, better = 'more', unit }) {
  const seen = new Map(contenders.map(({ name }) => [name, []]))
  for (let round = -1; round < rounds; round += 1) {
    for (const { name, measure } of contenders) {
      const measured = await measure()
      if (round >= 0) seen.get(name).push(typeof measured === 'number' ? { value: measured } : measured)
      process.stderr.write('.')
    }
  }
  process.stderr.write('\n')
  return contenders.map((contender) => result({ peer, ...contender, better, unit, seen }))
}

function result({ name, peer, better, unit, goals = [], seen }) {
  const own = seen.get(name)
  const against = (other) => spread(own, seen.get(other), ({ value }, { value: theirs }) => value / theirs)
  const cpuAgainst = (other) => {
    if (own[0].cpuMicros === undefined || seen.get(other)[0].cpuMicros === undefined) return undefined
    return spread(own, seen.get(other), ({ cpuMicros }, { cpuMicros: theirs }) => theirs / cpuMicros)
  }
  const value = median(own.map((each) => each.value))
  const cpuMicros = own[0].cpuMicros === undefined ? undefined : median(own.map((each) => each.cpuMicros))
  const judged = goals.map((goal) => {
    const known = goal.peer === undefined || seen.has(goal.peer)
    if (!known) return { ...goal, better }
    const theirs = goal.peer === undefined ? undefined : median(seen.get(goal.peer).map((each) => each.value))
    if (goal.over !== undefined) return verdict({ goal, better, reached: value - theirs, limit: goal.over })
    if (goal.ratio === undefined) return verdict({ goal, better, reached: value, limit: goal.value })
    const cpu = better === 'more' ? cpuAgainst(goal.peer)?.ratio : undefined
    return verdict({ goal, better, reached: against(goal.peer).ratio, limit: goal.ratio, cpu })
  })
  return { name, peer, unit, value, cpuMicros, ...against(peer), cpu: cpuAgainst(peer), goals: judged }
}

/** Whether a goal is met; `cpuMet` says the same of CPU time, where it is known. */
function verdict({ goal, better, reached, limit, cpu }) {
  const met = better === 'more' ? reached >= limit : reached <= limit
  return { ...goal, better, reached, met, ...(cpu !== undefined && { cpuReached: cpu, cpuMet: cpu >= limit }) }
}

function spread(own, theirs, ratioOf) {
  const ratios = own.map((each, round) => ratioOf(each, theirs[round]))
  return { ratio: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) }
}
