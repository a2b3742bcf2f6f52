/** True if `name` is a field name as HTTP/2 allows it: lower case, no colon, nothing invisible (RFC 9113, 8.2.1). */
export function isName(name: string): boolean {
  const length = name.length
  for (let index = 0; index < length; index++) {
    const char = name.charCodeAt(index)
    if (char <= 0x20 || char >= 0x7f || char === 0x3a || (char >= 0x41 && char <= 0x5a)) return false
  }
  return length > 0
}

/** True if `value` holds no NUL, CR or LF, and neither starts nor ends with a blank. */
export function isValue(value: string): boolean {
  const length = value.length
  for (let index = 0; index < length; index++) {
    const char = value.charCodeAt(index)
    if (char <= 0x0d && (char === 0 || char === 0x0a || char === 0x0d)) return false
  }
  return length === 0 || !(isBlank(value.charCodeAt(0)) || isBlank(value.charCodeAt(length - 1)))
}

/** The number that `value` is made of, in decimal digits; -1 if it is no such number, or too large a one. */
export function digits(value: string): number {
  if (value.length === 0 || value.length > 15) return -1
  let number = 0
  for (let index = 0; index < value.length; index++) {
    const digit = value.charCodeAt(index) - 0x30
    if (digit < 0 || digit > 9) return -1
    number = number * 10 + digit
  }
  return number
}

function isBlank(char: number): boolean {
  return char === 0x20 || char === 0x09
}
