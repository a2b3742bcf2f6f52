import { HpackError } from '../hpack-error.js'
import { endOfString, huffmanCodes, huffmanLengths } from './huffman-code.js'

// A state is the part of a code that was read so far; 0 is none. Entry `state << 4 | bits` tells what four more bits
// lead to: the next state in the lower 8 bits, and a symbol that is complete with them.
const symbolBit = 1 << 8
const failBit = 1 << 9
const symbolShift = 16

interface Automaton {
  readonly steps: Int32Array
  /** 1 for states that a string may end in: up to seven bits, all ones. */
  readonly final: Uint8Array
}

let automaton: Automaton | undefined

/** Bytes that a string of so many coded bytes has at most. */
export function decodedBound(length: number): number {
  return ((length * 8) / 5) | 0
}

/**
 * Decodes `bytes` from `start` to `end` into `out`, which has room for `decodedBound` of them; returns how many. Throws
 * for a code of the end of string, and for padding that is longer than seven bits or not all ones.
 */
export function huffmanDecode(source: { bytes: Uint8Array; start: number; end: number }, out: Uint8Array): number {
  automaton ??= build()
  const { steps, final } = automaton
  const { bytes, end } = source
  let state = 0
  let length = 0
  for (let at = source.start; at < end; at++) {
    const byte = bytes[at] as number
    const high = steps[(state << 4) | (byte >> 4)] as number
    if ((high & symbolBit) !== 0) out[length++] = high >> symbolShift
    const low = steps[((high & 0xff) << 4) | (byte & 15)] as number
    if ((low & symbolBit) !== 0) out[length++] = low >> symbolShift
    if (((high | low) & failBit) !== 0) throw new HpackError('a Huffman coded string holds the end of string')
    state = low & 0xff
  }
  if (final[state] === 0) throw new HpackError('a Huffman coded string is not padded with up to seven ones')
  return length
}

function build(): Automaton {
  const tree = grow()
  const steps = new Int32Array(256 * 16)
  for (let state = 0; state < 256; state++) {
    for (let bits = 0; bits < 16; bits++) steps[(state << 4) | bits] = step(tree, state, bits)
  }
  const final = new Uint8Array(256)
  let state = 0
  for (let bits = 0; bits <= 7; bits++) {
    final[state] = 1
    state = tree[state * 2 + 1] as number
  }
  return { steps, final }
}

/** Two children of each inner node: the number of an inner node, or -1 less a symbol. */
function grow(): Int32Array {
  const tree = new Int32Array(256 * 2)
  let nodes = 1
  for (let symbol = 0; symbol <= endOfString; symbol++) {
    const code = huffmanCodes[symbol] as number
    let node = 0
    for (let bit = (huffmanLengths[symbol] as number) - 1; bit > 0; bit--) {
      const child = node * 2 + ((code >> bit) & 1)
      if (tree[child] === 0) tree[child] = nodes++
      node = tree[child] as number
    }
    tree[node * 2 + (code & 1)] = -1 - symbol
  }
  return tree
}

function step(tree: Int32Array, from: number, bits: number): number {
  let node = from
  let found = 0
  for (let bit = 3; bit >= 0; bit--) {
    node = tree[node * 2 + ((bits >> bit) & 1)] as number
    if (node >= 0) continue
    const symbol = -1 - node
    if (symbol === endOfString) return failBit
    found = symbolBit | (symbol << symbolShift)
    node = 0
  }
  return found | node
}
