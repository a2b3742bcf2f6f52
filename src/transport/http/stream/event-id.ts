import { Code, type Context, type ContextKey, contextKey, RpcError } from '../../kernel.js'

/**
 * Set by a handler that names the events of its stream itself: makes the id of an event, which comes back as the metadata
 * `last-event-id` when the client goes on after an interruption. Without it events are counted.
 */
export const eventIdKey: ContextKey<(message: never) => string> = contextKey('event id')

/** The id of the event after which there is nothing to go on with. */
export const FINAL_ID = 'end'

/** What comes back in a header as it was, and as metadata: ASCII, without spaces around it. Nothing is no id, which may be. */
const COMES_BACK = /^([!-~]([ -~]*[!-~])?)?$/

/** Makes the ids of the events of a call. */
export class EventIds {
  readonly #context: Context
  #count: number

  /** Counting goes on behind `lastId` if that is a number. */
  constructor(context: Context, lastId: unknown) {
    this.#context = context
    this.#count = /^\d{1,15}$/.test(String(lastId)) ? Number(lastId) : 0
  }

  /** The id of the next event. Throws `INTERNAL` for one that cannot be written. */
  next(message: unknown): string {
    this.#count += 1
    const idOf = this.#context.get(eventIdKey)
    if (!idOf) return String(this.#count)
    const id = String(idOf(message as never))
    if (!COMES_BACK.test(id) || id === FINAL_ID) {
      throw new RpcError(Code.INTERNAL, `${JSON.stringify(id)} cannot be the id of an event`)
    }
    return id
  }
}
