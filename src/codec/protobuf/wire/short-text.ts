import { fromSource } from '../source/from-source.js'

/** Up to so many bytes, text is made faster of its characters than by a native call. */
export const SHORT = 40

/** Reads so many bytes at a place as text, `undefined` if one of them is not ASCII. */
type ReadShort = (bytes: Uint8Array, at: number) => string | undefined

/** What reads ASCII text of each length up to `SHORT`. */
export const shortTexts: readonly ReadShort[] = Array.from({ length: SHORT + 1 }, (_, length) =>
  compiledWhenCalled(length),
)

function compiledWhenCalled(length: number): ReadShort {
  return (bytes, at) => {
    const reader = compile(length)
    ;(shortTexts as ReadShort[])[length] = reader
    return reader(bytes, at)
  }
}

/** Without a loop, characters are never in memory on their way from the bytes to the text. */
function compile(length: number): ReadShort {
  const codes = Array.from({ length }, (_, index) => `c${index}`)
  const constants = codes.map((code, index) => `const ${code} = bytes[at + ${index}]`).join('; ')
  const source = `(bytes, at) => { ${constants}; return (${codes.join(' | ')}) < 128 ? links(${codes.join(', ')}) : undefined }`
  if (length === 0) return () => ''
  return fromSource<ReadShort>(source, String.fromCharCode) ?? loop(length)
}

function loop(length: number): ReadShort {
  // Where the characters are put together: they are read before the next text is.
  const codes = new Array<number>(length).fill(0)
  return (bytes, at) => {
    let all = 0
    for (let i = 0; i < length; i++) {
      const byte = bytes[at + i] as number
      codes[i] = byte
      all |= byte
    }
    return all < 0x80 ? String.fromCharCode.apply(String, codes) : undefined
  }
}

/** Reads text, or gives `undefined`: of what is beyond the first 64 Ki characters of Unicode, and of what is no UTF-8. */
export function shortUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  const codes: number[] = []
  for (let at = start; at < end; ) {
    const first = bytes[at++] as number
    if (first < 0x80) {
      codes.push(first)
      continue
    }
    const second = at < end ? (bytes[at++] as number) : 0
    if ((second & 0xc0) !== 0x80 || first < 0xc2 || first >= 0xf0) return undefined
    if (first < 0xe0) {
      codes.push(((first & 0x1f) << 6) | (second & 0x3f))
      continue
    }
    const third = at < end ? (bytes[at++] as number) : 0
    const code = ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f)
    // Neither a form that is too long nor half of a surrogate pair.
    if ((third & 0xc0) !== 0x80 || code < 0x800 || (code & 0xf800) === 0xd800) return undefined
    codes.push(code)
  }
  return String.fromCharCode.apply(String, codes)
}
