const MALFORMED = /%(?![0-9A-Fa-f]{2})/
const SLASH = /(?:%(?!2F)[0-9A-F]{2})+/gi
// RFC 6570, section 1.5: the reserved characters. Runs of other escapes are decoded together, for they may be one letter.
const UNRESERVED = /(?:%(?!2[1346789ABCF]|3[ABDF]|40|5[BD])[0-9A-F]{2})+/gi

/** Decodes every percent escape; `undefined` if one is malformed or the result is not UTF-8. */
export function decodeAll(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Decodes all but the escapes of reserved characters, so that `%2F` in a segment cannot become a slash. */
export function decodeUnreserved(text: string): string | undefined {
  return decodeRuns(text, UNRESERVED)
}

/** Decodes all but the escapes of slashes, which tell segments apart. */
export function decodeAllButSlash(text: string): string | undefined {
  return decodeRuns(text, SLASH)
}

function decodeRuns(text: string, runs: RegExp): string | undefined {
  if (!text.includes('%')) return text
  if (MALFORMED.test(text)) return undefined
  try {
    return text.replace(runs, decodeURIComponent)
  } catch {
    return undefined
  }
}
