import type { Http2Client, Http2Connection, Http2Stream } from '../../../src/http2/http2.js'
import type { Http2Options } from '../../../src/http2/options.js'
import { FakeTimers } from './fake-timers.js'
import { FrameReader } from './frame-reader.js'
import { joined, MAGIC, settings, settingsAck } from './frames.js'
import { Judge } from './judge.js'
import { newClient, newServer } from './machine.js'
import { type Behaviour, Recorder } from './recorder.js'

export type Role = 'server' | 'client'

export interface PeerOptions {
  readonly role: Role
  readonly behaviour?: Behaviour
  readonly options?: Partial<Http2Options>
  /** True to hand the machine every byte by itself. */
  readonly bytewise?: boolean
}

/** What a client under judgement asks for. */
export const askFields = [
  ':method',
  'POST',
  ':scheme',
  'http',
  ':path',
  '/echo',
  ':authority',
  'test',
  'te',
  'trailers',
]

/** A server that answers what ended with 200 and `ok`, `/hold` with nothing, and takes all content at once. */
export const echo: Behaviour = {
  onComplete(stream, path) {
    if (path !== '/echo') return
    stream.sendHeaders([':status', '200'], undefined, false)
    stream.sendData(Buffer.from('ok'), true)
  },
  onContent: (stream, bytes) => stream.consume(bytes),
}

/** The other side of a machine, and a judge of it. */
export class Peer {
  readonly role: Role
  readonly timers = new FakeTimers()
  readonly app: Recorder
  readonly judge: Judge
  readonly machine: Http2Connection
  #client: Http2Client | undefined
  #bytewise: boolean
  #sent = new FrameReader()

  constructor({ role, behaviour = echo, options, bytewise = false }: PeerOptions) {
    this.role = role
    this.#bytewise = bytewise
    this.app = new Recorder(
      role === 'server' ? behaviour : { onContent: (stream, n) => stream.consume(n), ...behaviour },
    )
    this.judge = new Judge(role)
    const all = { timers: this.timers, ...options }
    if (role === 'server') this.machine = newServer(this.app, all)
    else {
      this.#client = newClient(this.app, all)
      this.machine = this.#client
    }
  }

  /** The machine as a client. */
  get client(): Http2Client {
    if (this.#client === undefined) throw new Error('this machine is a server')
    return this.#client
  }

  /** Sends and takes what the machine answers. */
  send(...parts: readonly Uint8Array[]): this {
    const bytes = joined(parts)
    const magic = Buffer.compare(bytes.subarray(0, MAGIC.length), MAGIC) === 0 ? MAGIC.length : 0
    for (const frame of this.#sent.read(bytes.subarray(magic))) this.judge.windows.heard(frame)
    return this.sendRaw(bytes)
  }

  /** Sends bytes that the judge need not know of. */
  sendRaw(bytes: Uint8Array): this {
    if (this.#bytewise) for (const byte of bytes) this.machine.receive(Uint8Array.of(byte))
    else this.machine.receive(bytes)
    return this.take()
  }

  /** Takes the output there is, until the machine has no more to announce. */
  take(): this {
    for (let rounds = 0; rounds === 0 || this.app.output; rounds += 1) {
      if (rounds > 10_000) throw new Error('output without end')
      this.takeOnce()
    }
    return this
  }

  /** Takes output once, as a socket that is ready once; true if there is more. */
  takeOnce(): boolean {
    this.app.output = false
    for (const bytes of this.machine.takeOutput()) this.judge.read(bytes)
    return this.app.output
  }

  /** Says hello: the preface with such SETTINGS, and the acknowledgement of the machine's. */
  greet(...values: readonly number[]): this {
    if (this.role === 'server') this.sendRaw(MAGIC)
    return this.take()
      .send(settings(...values))
      .send(settingsAck())
  }

  /** Lets a client ask: stream ids count up from 1. */
  ask(end = false, behaviour: readonly string[] = askFields): Http2Stream {
    let opened: Http2Stream | undefined
    const listener = this.app.listen(this.#nextId, () => opened)
    opened = this.client.request(behaviour, undefined, end, listener)
    this.#nextId += 2
    this.take()
    return opened
  }

  #nextId = 1

  /** What the machine did that neither RFC 9113 nor the seam allows. */
  get violations(): readonly string[] {
    this.judge.finish()
    return [...this.judge.violations, ...this.app.violations]
  }
}
