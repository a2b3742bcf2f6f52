import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import { BREAKING_CATEGORIES, type BreakingCategory, type BreakingChange } from '../generate/check/breaking-change.js'
import { checkBreaking } from '../generate/check/check-breaking.js'
import { type ContractVersion, readContract, versionOf } from '../generate/check/read-contract.js'
import { ProtoError } from '../service/proto/proto-error.js'
import { readArguments } from './arguments.js'
import { isGitPlace, readGitContract } from './check/git-contract.js'
import { type Command, UsageError } from './command.js'
import { isModule, loadContracts } from './contract/load-contracts.js'

const HELP = `tierkit check --against OLD [NEW...]

Says what has changed in a contract that breaks those who know it as it was.

  NEW                  the contract: .proto files and folders, one descriptor set (.binpb), or modules that export
                       services and messages; by default this folder
  --against OLD        what it was: the same, may be repeated; or a place in git: .git#branch=main,subdir=protos, with
                       branch, tag, ref or commit
  --from MODULE        a module as NEW, may be repeated
  -I, --proto-path DIR where imports are looked for, may be repeated
  --category LIST      whom not to break, by default wire,json,source: those who speak protobuf, those who speak JSON
                       and REST, code written against the contract
  --ignore WHAT        what is meant, may be repeated: a rule (FIELD_RENAMED), a full name with all that is in it
                       (shop.v1.Order), both (FIELD_RENAMED:shop.v1.Order), or a file (shop/v1/orders.proto)
  --format FORMAT      text (the default): FILE:LINE:COLUMN: NAME: WHAT [RULE: CATEGORIES] on a line each; or json, an
                       object on a line each

Exit code: 0 when nothing breaks; 1 when something does, or a contract is wrong; 64 when the arguments are.`

/** `tierkit check`: finds changes of a contract that break somebody. */
export const check: Command = async (args, terminal) => {
  const { values, positionals } = readArguments(args, {
    against: { type: 'string', multiple: true },
    from: { type: 'string', multiple: true, default: [] },
    'proto-path': { type: 'string', short: 'I', multiple: true, default: [] },
    category: { type: 'string', multiple: true, default: [] },
    ignore: { type: 'string', multiple: true, default: [] },
    format: { type: 'string', default: 'text' },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) {
    await terminal.print(HELP)
    return 0
  }
  const { against, 'proto-path': includes, ignore, format } = values
  if (!against) throw new UsageError(`--against is missing: what the contract was\n\n${HELP}`)
  if (format !== 'text' && format !== 'json')
    throw new UsageError(`--format is text or json, not ${JSON.stringify(format)}`)
  const categories = readCategories(values.category)
  const now = [...positionals, ...values.from]
  try {
    const before = await readVersion(against, includes)
    const after = await readVersion(now.length > 0 ? now : ['.'], includes)
    const changes = checkBreaking(before, after, { categories, ignore })
    for (const change of changes) await terminal.print(format === 'json' ? JSON.stringify(change) : textOf(change))
    return changes.length > 0 ? 1 : 0
  } catch (error) {
    if (!(error instanceof ProtoError)) throw error
    for (const line of error.message.split('\n')) terminal.warn(line)
    return 1
  }
}

async function readVersion(paths: readonly string[], includes: readonly string[]): Promise<ContractVersion> {
  const [first = '', ...others] = paths
  const single = isGitPlace(first) || isDescriptorSet(first)
  if (single && others.length > 0) throw new UsageError(`${first} is a whole contract: nothing goes with it`)
  if (isGitPlace(first)) return readGitContract(first, includes)
  const missing = paths.find((path) => !existsSync(path))
  if (missing !== undefined)
    throw new UsageError(`there is no file or folder ${missing}; a place in git is written like .git#ref=HEAD`)
  if (isDescriptorSet(first)) return readContract({ descriptorSet: first })
  const modules = paths.filter(isModule)
  const files = paths.filter((path) => !isModule(path))
  const parts = [
    ...(modules.length > 0 ? [versionOf((await loadContracts(modules)) as object[])] : []),
    ...(files.length > 0 ? [readContract({ files, includes })] : []),
  ]
  const sources = parts.flatMap((part) => [...(part.sources ?? [])])
  return { files: parts.flatMap((part) => part.files), sources: new Map(sources) }
}

function isDescriptorSet(path: string): boolean {
  return ['.binpb', '.pb', '.bin', '.desc', '.protoset', '.fds'].includes(extname(path))
}

function readCategories(lists: readonly string[]): readonly BreakingCategory[] {
  const wanted = lists.flatMap((list) => list.split(','))
  for (const name of wanted)
    if (!BREAKING_CATEGORIES.some((category) => category === name))
      throw new UsageError(`--category is of ${BREAKING_CATEGORIES.join(', ')}, not ${JSON.stringify(name)}`)
  return wanted.length === 0 ? BREAKING_CATEGORIES : BREAKING_CATEGORIES.filter((category) => wanted.includes(category))
}

function textOf({ file, line, column, fullName, text, rule, categories }: BreakingChange): string {
  const place = [file, ...(line === undefined ? [] : [line, column])].join(':')
  return `${place}: ${fullName}: ${text} [${rule}: ${categories.join(', ')}]`
}
