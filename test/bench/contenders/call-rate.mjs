/**
 * Keeps `inFlight` calls going for some seconds after one of warm-up. Prints `counting` when that is over, and at the end
 * in JSON how many calls ended, in how many seconds, and the CPU time of this process.
 */
export async function callRate(call, seconds, inFlight = 100) {
  let ended = 0
  let going = true
  const loop = async () => {
    while (going) {
      await call()
      ended += 1
    }
  }
  const loops = Promise.all(Array.from({ length: inFlight }, loop))
  await pause(1)
  console.log('counting')
  const before = { ended, at: performance.now(), cpu: process.cpuUsage() }
  await pause(seconds)
  const { user, system } = process.cpuUsage(before.cpu)
  const took = (performance.now() - before.at) / 1000
  console.log(JSON.stringify({ count: ended - before.ended, seconds: took, cpuMicros: user + system }))
  going = false
  await loops
}

function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}
