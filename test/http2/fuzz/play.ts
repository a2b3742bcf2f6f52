import type { Http2Stream } from '../../../src/http2/http2.js'
import { FrameReader } from '../peer/frame-reader.js'
import { MAGIC } from '../peer/frames.js'
import { askFields, Peer } from '../peer/peer.js'
import type { Random } from '../peer/random.js'
import type { Behaviour, Heard } from '../peer/recorder.js'
import type { Act, Input } from './step.js'

/** What an application knows of a stream. */
interface Own {
  readonly stream: Http2Stream
  sent: 'nothing' | 'headers' | 'all'
  unconsumed: number
}

/** Plays one input to one machine, and keeps to what an application may do. */
export class Play {
  readonly peer: Peer
  /** Content and headers that the application asked to send, in bytes, about. */
  offered = 0
  received = 0
  #own: Own[] = []
  #input: Input
  #reader = new FrameReader()
  #skip: number
  #calls = 0
  /** The machine is made, and may be asked. */
  #ready = false

  constructor(input: Input) {
    this.#input = input
    this.#skip = input.role === 'server' ? MAGIC.length : 0
    const behaviour: Behaviour = {
      onRequest: (stream) => void this.#own.push({ stream, sent: 'nothing', unconsumed: 0 }),
      onComplete: (stream, path) => {
        if (path === '/echo') this.#answer(stream)
      },
      onContent: (stream, bytes) => {
        const own = this.#of(stream)
        if (own) own.unconsumed += bytes
        // How often content comes depends on how bytes are cut: nothing that is compared may hang on that.
        if (input.prompt) this.#react()
      },
      onCall: () => this.#react(),
      onOutput: () => {
        if (input.prompt && this.#ready) this.peer.takeOnce()
      },
    }
    this.peer = new Peer({ role: input.role, behaviour, options: input.options })
    this.#ready = true
  }

  /** Goes through all steps; `cut` says how many bytes the machine gets next of so many. */
  run(cut: (left: number) => number): this {
    for (const step of this.#input.steps) {
      if (step instanceof Uint8Array) this.#receive(step, cut)
      else this.#act(step)
      if (this.#input.eager) this.#settle()
      if (this.peer.app.heard.length > 20_000) throw new Error('calls without end')
    }
    this.peer.take()
    return this
  }

  /** Everything that was heard, content of a stream that came in pieces as one. */
  get trace(): string[] {
    const lines: string[] = []
    let last: Heard | undefined
    for (const one of this.peer.app.heard) {
      if (last?.call === 'content' && one.call === 'content' && last.stream === one.stream) {
        last = { ...one, body: `${last.body}${one.body}` }
        lines.pop()
      } else last = one
      lines.push(JSON.stringify(last))
    }
    return lines
  }

  #receive(bytes: Uint8Array, cut: (left: number) => number): void {
    this.received += bytes.length
    const skipped = Math.min(this.#skip, bytes.length)
    this.#skip -= skipped
    for (const frame of this.#reader.read(bytes.subarray(skipped))) this.peer.judge.windows.heard(frame)
    for (let at = 0; at < bytes.length; ) {
      const next = Math.min(bytes.length, at + Math.max(1, cut(bytes.length - at)))
      this.peer.machine.receive(bytes.slice(at, next))
      at = next
    }
  }

  #react(): void {
    const reaction = this.#input.reactions.get(this.#calls)
    this.#calls += 1
    if (reaction) this.#act(reaction)
  }

  #settle(): void {
    for (const own of this.#own) this.#consume(own)
    this.peer.take()
  }

  #consume(own: Own): void {
    const bytes = own.unconsumed
    own.unconsumed = 0
    if (bytes > 0) own.stream.consume(bytes)
  }

  #of(stream: Http2Stream): Own | undefined {
    return this.#own.find((own) => own.stream === stream)
  }

  #answer(stream: Http2Stream): void {
    const own = this.#of(stream)
    if (own?.sent !== 'nothing') return
    own.sent = 'all'
    this.offered += 300
    stream.sendHeaders([':status', '200'], ['x-answer', 'yes'], false)
    stream.sendData(Buffer.from('ok'), false)
    stream.sendHeaders([], ['grpc-status', '0'], true)
  }

  #act({ kind, which, amount }: Act): void {
    const own = this.#own[which % Math.max(1, this.#own.length)]
    if (own !== undefined) this.#onStream(own, kind, amount)
    const { machine, timers, role } = this.peer
    if (kind === 'request' && role === 'client') this.#request(amount % 2 === 1)
    else if (kind === 'take') this.peer.take()
    else if (kind === 'block' || kind === 'unblock') machine.setBlocked(kind === 'block')
    else if (kind === 'ping') machine.ping(() => {})
    else if (kind === 'wait') timers.advance(amount)
    else if (kind === 'shutDown') machine.shutDown('bye')
    else if (kind === 'abort') machine.abort(amount % 14, 'enough')
    else if (kind === 'receiveEnd') machine.receiveEnd()
    else if (kind === 'break') machine.receiveEnd(new Error('broken'))
    this.offered += 100
  }

  #request(end: boolean): void {
    const { client, app } = this.peer
    if (client.capacity <= 0) return
    let own: Own | undefined
    const listener = app.listen(this.#own.length, () => own?.stream)
    const stream = client.request(askFields, ['x-more', 'yes'], end, listener)
    own = { stream, sent: end ? 'all' : 'headers', unconsumed: 0 }
    this.#own.push(own)
    this.offered += 200
  }

  #onStream(own: Own, kind: Act['kind'], amount: number): void {
    const { stream } = own
    const bytes = new Uint8Array(amount)
    // A stream of one-byte frames is ten times its content.
    if (kind === 'send' || kind === 'sendPrefixed' || kind === 'end') this.offered += amount * 10 + 50
    if (kind === 'reset') stream.reset(amount % 14)
    if (kind === 'consume') this.#consume(own)
    if (kind === 'respond' && own.sent === 'nothing') {
      own.sent = 'headers'
      stream.sendHeaders([':status', '200'], ['x-amount', String(amount)], false)
    }
    if (own.sent !== 'headers') return
    if (kind === 'send') stream.sendData(bytes, false)
    if (kind === 'sendPrefixed') stream.sendPrefixed(1, bytes, false)
    if (kind === 'trailers' || kind === 'end') own.sent = 'all'
    if (kind === 'trailers') stream.sendHeaders([], ['x-trailer', String(amount)], true)
    if (kind === 'end') stream.sendData(bytes, true)
  }
}

/** Cuts of a seed: single bytes, small pieces, or pieces of any size. */
export function cutsOf(random: Random): (left: number) => number {
  const style = random(5)
  if (style === 0) return () => 1
  return style < 3 ? () => 1 + random(24) : (left) => 1 + random(left)
}
