/** A stream that can wait for its turn. */
export interface Waiting<Self> {
  next: Self | undefined
  previous: Self | undefined
  isReady: boolean
}

/** The streams that wait for their turn, in order: a list through the streams themselves. */
export class ReadyRing<Member extends Waiting<Member>> {
  first: Member | undefined
  #last: Member | undefined

  /** Puts a member at the end, unless it is in. */
  add(member: Member): void {
    if (member.isReady) return
    member.isReady = true
    member.previous = this.#last
    if (this.#last === undefined) this.first = member
    else this.#last.next = member
    this.#last = member
  }

  /** Takes a member out, if it is in. */
  remove(member: Member): void {
    if (!member.isReady) return
    const { next, previous } = member
    if (previous === undefined) this.first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    member.isReady = false
    member.next = undefined
    member.previous = undefined
  }
}
