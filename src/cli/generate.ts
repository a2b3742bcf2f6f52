import { codeOf, type GenerateOptions, generateCode, writeCode } from '../generate/generate.js'
import { InputWatcher } from '../generate/input/input-watcher.js'
import { readInput, watchedPaths } from '../generate/input/read-input.js'
import { ProtoError } from '../service/proto/proto-error.js'
import { readArguments } from './arguments.js'
import { type Command, messageOf, type Terminal, UsageError } from './command.js'
import { writeFrom } from './contract/write-from.js'

const HELP = `tierkit generate FILE-OR-FOLDER... --out DIR
tierkit generate --from MODULE... --proto DIR

Writes TypeScript from .proto files: message types, codecs and service definitions. Prints the files it has written.

  FILE-OR-FOLDER          .proto files, and folders with them; imports are also looked for in such a folder, or in the
                          modules of the buf.yaml or buf.work.yaml that it is in

  --out DIR               where the code goes: DIR/shop/v1/orders_pb.ts for shop/v1/orders.proto
  -I, --proto-path DIR    where imports are looked for, may be repeated; by default in the folders above a file.
                          google/protobuf, google/api, google/rpc, google/type and buf/validate need not be there
  --descriptor-set FILE   instead of files: what "buf build -o FILE" or "protoc -o FILE --include_imports" wrote
  --import-extension EXT  what imports between generated files end with: .js (the default), .ts, or none
  --from MODULE           the other way round: writes .proto files from the services and messages that modules export
  --proto DIR             where those go: DIR/shop/v1/shop.proto for the package shop.v1
  -w, --watch             goes on, and writes again what changes, until Ctrl-C

Exit code: 0 when written; 1 when the files are wrong, with FILE:LINE:COLUMN of each problem, and nothing is written then.`

/** Options that go with `.proto` files, not with code. */
const FOR_FILES = ['out', 'proto-path', 'descriptor-set', 'watch']

const EXTENSIONS = { '.js': '.js', '.ts': '.ts', none: '' } as const

/** `tierkit generate`: writes TypeScript from `.proto` files. */
export const generate: Command = async (args, terminal) => {
  const { values, positionals: files } = readArguments(args, {
    out: { type: 'string' },
    'proto-path': { type: 'string', short: 'I', multiple: true },
    'descriptor-set': { type: 'string' },
    'import-extension': { type: 'string', default: '.js' },
    from: { type: 'string', multiple: true },
    proto: { type: 'string' },
    watch: { type: 'boolean', short: 'w' },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) {
    await terminal.print(HELP)
    return 0
  }
  const { out, 'proto-path': includes = [], 'descriptor-set': descriptorSet, from, proto } = values
  if (from !== undefined || proto !== undefined) {
    const others = [...files, ...Object.keys(values).filter((name) => FOR_FILES.includes(name))]
    return writeFrom({ from: from ?? [], proto, others }, terminal)
  }
  if (files.length === 0 && descriptorSet === undefined)
    throw new UsageError(`.proto files or folders are missing\n\n${HELP}`)
  if (files.length > 0 && descriptorSet !== undefined)
    throw new UsageError('.proto files and --descriptor-set are given: one of them will do')
  if (out === undefined) throw new UsageError('--out is missing: the folder that the code goes to')
  const importExtension = readExtension(values['import-extension'])
  const options = { files, includes, descriptorSet, out, importExtension }
  return values.watch ? writeOnChanges(options, terminal) : writeOnce(options, terminal)
}

type Options = GenerateOptions & { readonly out: string }

async function writeOnce(options: Options, terminal: Terminal): Promise<number> {
  try {
    for (const { path } of writeCode(generateCode(options), options.out)) await terminal.print(path)
    return 0
  } catch (error) {
    if (!(error instanceof ProtoError)) throw error
    for (const line of error.message.split('\n')) terminal.warn(line)
    return 1
  }
}

/** Writes now and after each change. What is wrong meanwhile is told, and waits for the next change. */
async function writeOnChanges(options: Options, terminal: Terminal): Promise<number> {
  using watcher = new InputWatcher(terminal.signal)
  do {
    watcher.watch(watchedPaths(options))
    try {
      const files = readInput(options)
      // Imports may come from anywhere.
      watcher.watch([...files.files.values()].map(({ path }) => path))
      for (const { path, changed } of writeCode(codeOf(files, options.importExtension), options.out))
        if (changed) await terminal.print(path)
      terminal.warn('written; waiting for changes')
    } catch (error) {
      for (const line of messageOf(error).split('\n')) terminal.warn(line)
      terminal.warn('nothing was written; waiting for changes')
    }
  } while (await watcher.changed())
  return 0
}

function readExtension(text: string): '.js' | '.ts' | '' {
  if (Object.hasOwn(EXTENSIONS, text)) return EXTENSIONS[text as keyof typeof EXTENSIONS]
  throw new UsageError(`--import-extension is ${Object.keys(EXTENSIONS).join(', ')}, not ${JSON.stringify(text)}`)
}
