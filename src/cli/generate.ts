import { generate as writeCode } from '../generate/generate.js'
import { ProtoError } from '../service/proto/proto-error.js'
import { readArguments } from './arguments.js'
import { type Command, UsageError } from './command.js'

const HELP = `tierkit generate FILE-OR-FOLDER... --out DIR

Writes TypeScript from .proto files: message types, codecs and service definitions. Prints the files it has written.

  FILE-OR-FOLDER          .proto files, and folders with them; imports are also looked for in such a folder

  --out DIR               where the code goes: DIR/shop/v1/orders_pb.ts for shop/v1/orders.proto
  -I, --proto-path DIR    where imports are looked for, may be repeated; by default in the folders above a file.
                          google/protobuf, google/api and google/rpc need not be there
  --import-extension EXT  what imports between generated files end with: .js (the default), .ts, or none

Exit code: 0 when written; 1 when the files are wrong, with FILE:LINE of each problem, and nothing is written then.`

const EXTENSIONS = { '.js': '.js', '.ts': '.ts', none: '' } as const

/** `tierkit generate`: writes TypeScript from `.proto` files. */
export const generate: Command = async (args, terminal) => {
  const { values, positionals: files } = readArguments(args, {
    out: { type: 'string' },
    'proto-path': { type: 'string', short: 'I', multiple: true },
    'import-extension': { type: 'string', default: '.js' },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) {
    await terminal.print(HELP)
    return 0
  }
  const { out, 'proto-path': includes = [], 'import-extension': extension } = values
  if (files.length === 0) throw new UsageError(`.proto files or folders are missing\n\n${HELP}`)
  if (out === undefined) throw new UsageError('--out is missing: the folder that the code goes to')
  try {
    const written = writeCode({ files, includes, out, importExtension: readExtension(extension) })
    for (const path of written) await terminal.print(path)
    return 0
  } catch (error) {
    if (!(error instanceof ProtoError)) throw error
    for (const line of error.message.split('\n')) terminal.warn(line)
    return 1
  }
}

function readExtension(text: string): '.js' | '.ts' | '' {
  if (Object.hasOwn(EXTENSIONS, text)) return EXTENSIONS[text as keyof typeof EXTENSIONS]
  throw new UsageError(`--import-extension is ${Object.keys(EXTENSIONS).join(', ')}, not ${JSON.stringify(text)}`)
}
