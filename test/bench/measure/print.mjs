/** Prints the results of a row as a table: value, ratio, CPU time, ratio of CPU time, and a line for each goal. */
export function printResults(results) {
  const withCpu = results.some(({ cpuMicros }) => cpuMicros !== undefined)
  for (const result of results) {
    const { name, unit, value, peer } = result
    const columns = [
      name.padEnd(40),
      `${amount(value)} ${unit}`.padStart(20),
      (name === peer ? `is the peer` : ratio(result, 'of the peer')).padEnd(36),
      ...(withCpu ? cpuColumns(result) : []),
    ]
    console.log(`  ${columns.join('  ')}`.trimEnd())
    for (const goal of result.goals) console.log(`    ${goalLine(goal, unit)}`)
  }
}

function cpuColumns({ cpuMicros, busy, cpu, name, peer }) {
  if (cpuMicros === undefined) return []
  const own = `${cpuMicros.toPrecision(3)} µs CPU each, ${Math.round(busy * 100)} % busy`.padStart(30)
  return [own, name === peer || !cpu ? '' : ratio(cpu, 'less')]
}

function ratio({ ratio: middle, min, max }, what) {
  return `${times(middle)} ${what} (${times(min)}–${times(max)})`
}

function goalLine(goal, unit) {
  const { peer, better, ratio: wanted, value, over, reached, met, cpuReached, cpuMet, inDoubt } = goal
  const sign = better === 'more' ? '≥' : '≤'
  const target =
    wanted !== undefined
      ? `${sign} ${wanted}× ${peer}`
      : over !== undefined
        ? `${sign} ${over} ${unit} over ${peer}`
        : `${sign} ${value} ${unit}`
  if (met === undefined) return `unknown  ${target}: the peer is absent`
  const seen = wanted !== undefined ? times(reached) : `${amount(reached)} ${unit}`
  const byCpu = cpuMet === undefined ? '' : `; in CPU time ${times(cpuReached)}, ${cpuMet ? 'meets' : 'MISSES'}`
  const doubt = inDoubt ? '; IN DOUBT: one of the two did not keep up with the load' : ''
  return `${met ? 'meets ' : 'MISSES'}  ${target}: ${seen}${byCpu}${doubt}`
}

const times = (value) => `${value.toFixed(2)}×`

function amount(value) {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}
