let text = ''
let until = 0

/** The time as the field `date` has it, made once a second. */
export function httpDate(): string {
  const now = Date.now()
  if (now >= until || now < until - 1000) {
    text = new Date(now).toUTCString()
    until = now - (now % 1000) + 1000
  }
  return text
}
