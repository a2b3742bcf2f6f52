import { readdirSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'

/** What a process holds, and how late it is. */
export interface Vitals {
  /** Resident memory now, and the most since `reset`, in MiB. */
  readonly rssMb: number
  readonly peakRssMb: number
  /** What is in use on the heap after a collection, and outside it, in MiB. */
  readonly heapMb: number
  readonly externalMb: number
  readonly fds: number
  readonly timers: number
  readonly sockets: number
  /** How late the event loop was since `reset`, in ms. */
  readonly delayP99Ms: number
}

const MB = 2 ** 20
const SAMPLE_MS = 20

/** Watches this process. */
export class VitalSigns {
  readonly #delay = monitorEventLoopDelay({ resolution: 1 })
  #peak = 0

  constructor() {
    this.#delay.enable()
    setInterval(() => this.#sample(), SAMPLE_MS).unref()
  }

  /** Begins anew with what is the most of something. */
  reset(): void {
    globalThis.gc?.()
    this.#delay.reset()
    this.#peak = 0
  }

  read(): Vitals {
    this.#sample()
    const delayP99Ms = this.#delay.percentile(99) / 1e6
    globalThis.gc?.()
    const { rss, external } = process.memoryUsage()
    const resources = process.getActiveResourcesInfo()
    return {
      rssMb: Math.round(rss / MB),
      peakRssMb: Math.round(this.#peak / MB),
      heapMb: getHeapStatistics().used_heap_size / MB,
      externalMb: external / MB,
      fds: readdirSync('/proc/self/fd').length,
      timers: resources.filter((name) => name === 'Timeout').length,
      sockets: resources.filter((name) => name === 'TCPSocketWrap').length,
      delayP99Ms,
    }
  }

  #sample(): void {
    this.#peak = Math.max(this.#peak, process.memoryUsage.rss())
  }
}
