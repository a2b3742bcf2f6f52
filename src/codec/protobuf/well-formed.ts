/** Part of ES2024; Node has it since version 20. */
interface MaybeWellFormed {
  isWellFormed(): boolean
  toWellFormed(): string
}

/** False if a string has half of a surrogate pair: it has no UTF-8 form, so to send it would be to send another. */
export function isWellFormed(text: string): boolean {
  return (text as string & MaybeWellFormed).isWellFormed()
}

/** The text with each half of a surrogate pair replaced by U+FFFD. */
export function toWellFormed(text: string): string {
  return (text as string & MaybeWellFormed).toWellFormed()
}
