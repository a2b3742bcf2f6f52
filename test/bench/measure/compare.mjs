/** The middle value. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Measures contenders in turn, A B C A B C …, `rounds` times after one round that does not count. A measure gives its value,
 * or `{ value, cpuMicros, busy }` with the CPU time that each call, message or request took, and the share of the time that a
 * core was busy: where that is well below 1, something else was the limit. `fellShort` says that the load could not be put on
 * as it was meant; goals are then in doubt.
 *
 * Ratios are to the peer, which a contender may have of its own, in the same round, value by value: the median, with the least
 * and the greatest. Those of CPU time are the peer's time over the contender's, so that more is better. `better` says whether
 * more or less of the value is.
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
  const middle = (key) => (own[0][key] === undefined ? undefined : median(own.map((each) => each[key])))
  const measured = { value: middle('value'), cpuMicros: middle('cpuMicros'), busy: middle('busy') }
  const judged = goals.map((goal) => ({ ...goal, better, ...judge(goal, { own, better, seen }) }))
  return {
    name,
    peer,
    unit,
    ...measured,
    ...ratioTo(seen.get(peer), own),
    cpu: cpuRatioTo(seen.get(peer), own),
    goals: judged,
  }
}

/** What was reached and whether that is enough, `cpu…` the same of CPU time where it is known; nothing without the peer. */
function judge({ peer, ratio, over, value }, { own, better, seen }) {
  const enough = (reached, limit) => (better === 'more' ? reached >= limit : reached <= limit)
  const theirs = seen.get(peer)
  const short = (each) => each?.some(({ fellShort }) => fellShort)
  const doubt = short(own) || short(theirs) ? { inDoubt: true } : {}
  const middle = (each) => median(each.map((measured) => measured.value))
  if (value !== undefined) return { reached: middle(own), met: enough(middle(own), value) }
  if (!theirs) return {}
  if (over !== undefined)
    return { reached: middle(own) - middle(theirs), met: enough(middle(own) - middle(theirs), over) }
  const reached = ratioTo(theirs, own).ratio
  const cpu = better === 'more' ? cpuRatioTo(theirs, own)?.ratio : undefined
  return {
    reached,
    met: enough(reached, ratio),
    ...doubt,
    ...(cpu !== undefined && { cpuReached: cpu, cpuMet: cpu >= ratio }),
  }
}

function ratioTo(theirs, own) {
  return spread(own.map(({ value }, round) => value / theirs[round].value))
}

function cpuRatioTo(theirs, own) {
  if (own[0].cpuMicros === undefined || theirs[0].cpuMicros === undefined) return undefined
  return spread(own.map(({ cpuMicros }, round) => theirs[round].cpuMicros / cpuMicros))
}

function spread(ratios) {
  return { ratio: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) }
}
