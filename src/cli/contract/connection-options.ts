import { createChannel } from '../../client/create-channel.js'
import { Metadata } from '../../endpoint/metadata.js'
import type { Channel } from '../../transport/transport.js'
import { readTls, type TlsArguments } from '../call/read-tls.js'
import { asUsage, UsageError } from '../command.js'

/** What the help of a command says of them. */
export const CONNECTION_HELP = `  --metadata KEY=VAL  sent with the call; may be repeated; values of keys in -bin are base64
  --timeout MS        how long the call may take
  --ca FILE           certificates to trust, instead of the system's; implies --tls
  --cert, --key FILE  who calls, for mutual TLS; implies --tls
  --server-name NAME  whom the server's certificate must name, if not the host; implies --tls
  --tls               encrypt calls to a TARGET without a scheme
  --plaintext         do not: the default`

/** Options that say how a server is reached. */
export const CONNECTION_OPTIONS = {
  metadata: { type: 'string', multiple: true },
  timeout: { type: 'string' },
  tls: { type: 'boolean' },
  plaintext: { type: 'boolean' },
  ca: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  'server-name': { type: 'string' },
} as const

/** Opens the channel to a target. No middleware: what is asked for is what is sent, once. */
export async function openChannel(target: string, args: TlsArguments): Promise<Channel> {
  if (/^(grpcs?:\/\/)?[\w.-]+\/?$/.test(target)) throw new UsageError(`${target} has no port: expected host:port`)
  const tls = await readTls(args)
  return asUsage(() => createChannel({ target, tls }))
}

/** Bytes that are written as base64, with or without padding. */
function bytesOf(key: string, text: string): Uint8Array {
  if (/^[A-Za-z0-9+/_-]*={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1)
    return Buffer.from(text, 'base64')
  throw new Error(`--metadata ${key}: the value of a key in -bin is base64, not ${JSON.stringify(text)}`)
}

/** `KEY=VALUE`, with base64 for the values of keys that end in `-bin`. */
export function readMetadata(pairs: readonly string[] = []): Metadata {
  const metadata = new Metadata()
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at < 1) throw new UsageError(`--metadata needs KEY=VALUE, not ${JSON.stringify(pair)}`)
    const [key, value] = [pair.slice(0, at), pair.slice(at + 1)]
    asUsage(() => metadata.append(key, /-bin$/i.test(key) ? bytesOf(key, value) : value))
  }
  return metadata
}
