/** Keeps `inFlight` calls going for some seconds after one of warm-up, and prints how many a second ended. */
export async function callRate(call, seconds, inFlight = 100) {
  let counting = false
  let calls = 0
  const until = performance.now() + (seconds + 1) * 1000
  const timer = setTimeout(() => {
    counting = true
  }, 1000)
  const loop = async () => {
    while (performance.now() < until) {
      await call()
      if (counting) calls += 1
    }
  }
  await Promise.all(Array.from({ length: inFlight }, loop))
  clearTimeout(timer)
  console.log(`calls/s ${calls / seconds}`)
}
