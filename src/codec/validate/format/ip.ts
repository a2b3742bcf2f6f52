import { allIn, decimal, HEX } from './characters.js'

/** An IP address of either version, or of one. A version that there is not has no addresses. */
export function isIp(text: string, version = 0): boolean {
  if (version === 4) return ipv4(text) !== undefined
  const zone = text.indexOf('%')
  // RFC 4007 leaves open what a zone is called, but it is called something.
  const isVersion6 =
    zone < 0 ? ipv6(text) !== undefined : zone < text.length - 1 && ipv6(text.slice(0, zone)) !== undefined
  if (version === 6) return isVersion6
  return version === 0 && (isVersion6 || ipv4(text) !== undefined)
}

/** An address with the length of its network part: `10.0.0.1/8`. If `strict`, all that is behind that part is zero. */
export function isIpPrefix(text: string, version = 0, strict = false): boolean {
  const slash = text.lastIndexOf('/')
  if (slash < 0) return false
  const address = text.slice(0, slash)
  const length = text.slice(slash + 1)
  const prefixed = (groups: readonly number[] | undefined, bits: number): boolean => {
    const network = decimal(length, bits * (groups?.length ?? 0))
    return groups !== undefined && network !== undefined && (!strict || isZeroBehind(groups, bits, network))
  }
  if (version === 4) return prefixed(ipv4(address), 8)
  if (version === 6) return prefixed(ipv6(address), 16)
  return version === 0 && (prefixed(ipv4(address), 8) || prefixed(ipv6(address), 16))
}

function isZeroBehind(groups: readonly number[], bits: number, network: number): boolean {
  return groups.every((group, index) => {
    const kept = Math.min(Math.max(network - index * bits, 0), bits)
    return group % 2 ** (bits - kept) === 0
  })
}

/** The four bytes of an address; `undefined` if the text is none. */
function ipv4(text: string): number[] | undefined {
  if (text.length > 15) return undefined
  const bytes = text.split('.').map((part) => decimal(part, 255))
  return bytes.length === 4 && isComplete(bytes) ? bytes : undefined
}

/** The eight groups of an address in a form of RFC 4291 section 2.2; `undefined` if the text is none. */
function ipv6(text: string): number[] | undefined {
  if (text.length > 45) return undefined
  const halves = text.split('::')
  const [head = '', tail] = halves
  if (halves.length > 2) return undefined
  const front = groupsOf(head, tail === undefined)
  if (tail === undefined) return front?.length === 8 ? front : undefined
  const back = groupsOf(tail, true)
  if (!front || !back || front.length + back.length > 7) return undefined
  return [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back]
}

/** The groups between colons, of which the last may be an IPv4 address. */
function groupsOf(text: string, atEnd: boolean): number[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const last = parts.at(-1) ?? ''
  const groups = parts.flatMap((part, index) => {
    if (atEnd && index === parts.length - 1 && last.includes('.')) return fromIpv4(last)
    return part.length >= 1 && part.length <= 4 && allIn(HEX, part) ? [Number.parseInt(part, 16)] : [undefined]
  })
  return isComplete(groups) ? groups : undefined
}

function fromIpv4(text: string): (number | undefined)[] {
  const [a, b, c, d] = ipv4(text) ?? []
  if (a === undefined || b === undefined || c === undefined || d === undefined) return [undefined]
  return [a * 256 + b, c * 256 + d]
}

function isComplete(numbers: readonly (number | undefined)[]): numbers is number[] {
  return numbers.every((number) => number !== undefined)
}
