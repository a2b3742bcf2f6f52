/** A stream that ends, in peace, when the signal aborts; what it is read from is let go then. */
export async function* untilAborted<T>(stream: AsyncIterable<T>, signal: AbortSignal | undefined): AsyncGenerator<T> {
  if (!signal) return yield* stream
  const iterator = stream[Symbol.asyncIterator]()
  let abort = (): void => {}
  const aborted = new Promise<undefined>((resolve) => {
    abort = () => resolve(undefined)
  })
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted])
      if (!next || next.done) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', abort)
    // A read may still be waiting, and the end of it with that.
    iterator.return?.().catch(() => {})
  }
}
