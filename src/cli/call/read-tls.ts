import { readFile } from 'node:fs/promises'
import type { ClientTls } from '../../transport/transport.js'
import { messageOf, UsageError } from '../command.js'

/** Options of a command that say whom to trust, and who calls. */
export interface TlsArguments {
  readonly tls?: boolean | undefined
  readonly plaintext?: boolean | undefined
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly 'server-name'?: string | undefined
}

/** Reads the files that TLS needs; `undefined` if nothing asks for TLS. */
export async function readTls(args: TlsArguments): Promise<ClientTls | undefined> {
  const { tls = false, plaintext = false, ca, cert, key, 'server-name': serverName } = args
  const wanted = tls || [ca, cert, key, serverName].some((option) => option !== undefined)
  if (plaintext && wanted) throw new UsageError('--plaintext contradicts the other options, which ask for TLS')
  if ((cert === undefined) !== (key === undefined)) throw new UsageError('--cert and --key go together')
  if (!wanted) return undefined
  const [caText, certText, keyText] = await Promise.all([
    pem('--ca', ca, 'CERTIFICATE'),
    pem('--cert', cert, 'CERTIFICATE'),
    pem('--key', key, 'PRIVATE KEY'),
  ])
  return { ca: caText, cert: certText, key: keyText, serverName }
}

/** Reads a file. One that TLS would not find anything in is told of here: it would be ignored. */
async function pem(option: string, file: string | undefined, label: string): Promise<string | undefined> {
  if (file === undefined) return undefined
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new UsageError(`${option} cannot be read: ${messageOf(error)}`)
  })
  if (new RegExp(`-----BEGIN [A-Z ]*${label}-----`).test(text)) return text
  throw new UsageError(`${option} ${file}: there is no ${label} in it, as PEM has it`)
}
