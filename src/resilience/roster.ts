/** A member's place in a roster. */
export interface Place<T> {
  value: T | undefined
  previous: Place<T> | undefined
  next: Place<T> | undefined
}

/**
 * Who is there at present, in the order of coming: a set for what comes and goes all the time, as calls do.
 *
 * A `Set` would be rebuilt every few dozen changes, and each of its former selves still points to what was in it and to the
 * next one: once one of them has grown old, the collector keeps all that came later until its next full run.
 */
export class Roster<T> {
  #first: Place<T> | undefined
  #last: Place<T> | undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Takes a member in; the place is for `remove`. */
  add(value: T): Place<T> {
    const place: Place<T> = { value, previous: this.#last, next: undefined }
    if (this.#last) this.#last.next = place
    else this.#first = place
    this.#last = place
    this.#size += 1
    return place
  }

  /** Lets a member go; false if it had gone. */
  remove(place: Place<T>): boolean {
    if (place.value === undefined) return false
    const { previous, next } = place
    if (previous) previous.next = next
    else this.#first = next
    if (next) next.previous = previous
    else this.#last = previous
    place.value = undefined
    place.previous = undefined
    place.next = undefined
    this.#size -= 1
    return true
  }

  /** Those who are there now. */
  members(): T[] {
    const members: T[] = []
    for (let place = this.#first; place; place = place.next) members.push(place.value as T)
    return members
  }
}
