import { huffmanCodes, huffmanLengths } from './huffman-code.js'

/** Bytes that a string takes when it is Huffman coded. */
export function huffmanSize(text: string): number {
  let bits = 0
  for (let index = 0; index < text.length; index++) bits += huffmanLengths[text.charCodeAt(index) & 0xff] as number
  return (bits + 7) >>> 3
}

/** Writes a Huffman coded string at `at`, padded with ones. It takes `huffmanSize` bytes. */
export function huffmanEncode(bytes: Uint8Array, at: number, text: string): void {
  let next = at
  // The bits that wait to be written, fewer than eight between symbols; what is above them was written.
  let held = 0
  let count = 0
  for (let index = 0; index < text.length; index++) {
    const symbol = text.charCodeAt(index) & 0xff
    let code = huffmanCodes[symbol] as number
    let length = huffmanLengths[symbol] as number
    if (length > 24) {
      // With seven bits that wait, a code of 26 bits or more would not fit into 32.
      held = (held << 8) | (code >>> (length - 8))
      bytes[next++] = held >>> count
      length -= 8
      code &= (1 << length) - 1
    }
    held = (held << length) | code
    for (count += length; count >= 8; ) {
      count -= 8
      bytes[next++] = held >>> count
    }
  }
  if (count > 0) bytes[next] = (held << (8 - count)) | (0xff >>> count)
}
