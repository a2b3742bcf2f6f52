/**
 * RFC 7541, appendix B: the symbols by length of their code. The code is canonical, so nothing else is needed: codes of
 * one length count up in the order of their symbols, and go on where the shorter ones ended.
 */
const lengths: Readonly<Record<number, readonly (string | number)[]>> = {
  5: ['012aceiost'],
  6: [' %-./3456789=A_bdfghlmnpru'],
  7: [':BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz'],
  8: ['&*,;XZ'],
  10: ['!"()?'],
  11: ["'+|"],
  12: ['#>'],
  13: [0, '$@[]~'],
  14: ['^}'],
  15: ['<`{'],
  19: ['\\', 195, 208],
  20: [128, 130, 131, 162, 184, 194, 224, 226],
  21: [153, 161, 167, 172, 176, 177, 179, 209, 216, 217, 227, 229, 230],
  22: [
    129, 132, 133, 134, 136, 146, 154, 156, 160, 163, 164, 169, 170, 173, 178, 181, 185, 186, 187, 189, 190, 196, 198,
    228, 232, 233,
  ],
  23: [
    1, 135, 137, 138, 139, 140, 141, 143, 147, 149, 150, 151, 152, 155, 157, 158, 165, 166, 168, 174, 175, 180, 182,
    183, 188, 191, 197, 231, 239,
  ],
  24: [9, 142, 144, 145, 148, 159, 171, 206, 215, 225, 236, 237],
  25: [199, 207, 234, 235],
  26: [192, 193, 200, 201, 202, 205, 210, 213, 218, 219, 238, 240, 242, 243, 255],
  27: [203, 204, 211, 212, 214, 221, 222, 223, 241, 244, 245, 246, 247, 248, 250, 251, 252, 253, 254],
  28: [2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127, 220, 249],
  30: [10, 13, 22, 256],
}

const END_OF_STRING = 256

/** Symbols by their code, written as a one and then the code's bits. */
const symbols = new Map<number, number>()
/** The code of a symbol. */
const codes = new Map<number, { readonly code: number; readonly length: number }>()

let next = 0
let before = 0
for (const [key, group] of Object.entries(lengths)) {
  const length = Number(key)
  next *= 2 ** (length - before)
  before = length
  const members = group.flatMap((part) => (typeof part === 'number' ? [part] : [...Buffer.from(part, 'latin1')]))
  for (const symbol of members.sort((a, b) => a - b)) {
    symbols.set(2 ** length + next, symbol)
    codes.set(symbol, { code: next, length })
    next += 1
  }
}

/** What a Huffman-coded string says; throws where RFC 7541, 5.2 calls it an error. */
export function readHuffman(bytes: Uint8Array): string {
  let text = ''
  let seen = 1
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      seen = seen * 2 + ((byte >> bit) & 1)
      const symbol = symbols.get(seen)
      if (symbol === END_OF_STRING) throw new Error('EOS in a Huffman-coded string')
      if (symbol !== undefined) {
        text += String.fromCharCode(symbol)
        seen = 1
      }
    }
  }
  // What is left must be the most significant bits of EOS, all ones, and fewer than eight.
  const bits = Math.floor(Math.log2(seen))
  if (bits > 7 || seen !== 2 ** (bits + 1) - 1) throw new Error('bad padding of a Huffman-coded string')
  return text
}

/** A string in Huffman code. */
export function writeHuffman(text: string): number[] {
  let bits = ''
  for (const char of Buffer.from(text, 'latin1')) {
    const found = codes.get(char)
    if (found) bits += found.code.toString(2).padStart(found.length, '0')
  }
  const whole = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1')
  return (whole.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))
}
