import { createInterface } from 'node:readline'

/** Answers each line that comes, where `--expose-gc` is on, with the memory that is left in use after collecting garbage. */
export function answerMemory() {
  if (!globalThis.gc) return
  createInterface({ input: process.stdin }).on('line', async () => {
    for (let n = 0; n < 4; n += 1) {
      globalThis.gc()
      // What was freed goes back to the system in the background.
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const { rss, heapUsed, external } = process.memoryUsage()
    console.log(JSON.stringify({ resident: rss, heap: heapUsed + external }))
  })
}
