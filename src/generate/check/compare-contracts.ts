import type { EnumSchema, MessageSchema } from '../../codec/schema/schema.js'
import type { ContractFile, ServiceSchema } from '../../service/proto-schema/proto-schema.js'
import { type BreakingCategory, type BreakingRule, type Change, change, type Place } from './breaking-change.js'
import { compareEnum } from './compare-enum.js'
import { compareMessage, type Places } from './compare-message.js'
import { compareService } from './compare-service.js'
import type { TypeComparison } from './type-change.js'

/** Everything in a contract that breaks somebody who knew it as it was. */
export function compareContracts(before: readonly ContractFile[], after: readonly ContractFile[]): Change[] {
  return new Comparison(before, after).changes()
}

/** A declaration that has a full name, and its file. */
interface Declared<T> {
  readonly it: T
  readonly file: string
  readonly path: readonly string[]
}

type Kind = 'messages' | 'enums' | 'services'
interface Kinds {
  messages: MessageSchema
  enums: EnumSchema
  services: ServiceSchema
}

const REMOVED: Readonly<Record<Kind, readonly [BreakingRule, string, readonly BreakingCategory[]]>> = {
  // Nothing but its name in an Any tells of a message on the wire: where it is used, that is another change.
  messages: ['MESSAGE_REMOVED', 'message', ['wire', 'json', 'source']],
  enums: ['ENUM_REMOVED', 'enum', ['source']],
  services: ['SERVICE_REMOVED', 'service', ['wire', 'json', 'source']],
}

class Comparison implements TypeComparison {
  readonly #before: readonly ContractFile[]
  readonly #after: readonly ContractFile[]
  /** New packages by old ones, where a file has another now. */
  readonly #packages = new Map<string, string>()
  readonly #comparing = new Set<string>()

  constructor(before: readonly ContractFile[], after: readonly ContractFile[]) {
    this.#before = before
    this.#after = after
    for (const file of before) {
      const now = after.find(({ name }) => name === file.name)
      const kept = after.some((other) => other.package === file.package)
      if (now && !isEmpty(file) && !isEmpty(now) && now.package !== file.package && !kept)
        this.#packages.set(file.package, now.package)
    }
  }

  changes(): Change[] {
    const packages = this.#before.flatMap((file) => this.#packageChange(file))
    return [
      ...packages,
      ...this.#each('messages', (before, after, places) => compareMessage({ before, after, places }, this)),
      ...this.#each('enums', (before, after, places) => compareEnum({ before, after, places })),
      ...this.#each('services', (before, after, places) => compareService({ before, after, places }, this)),
    ]
  }

  renamed(fullName: string): string {
    const old = [...this.#packages.keys()]
      .filter((name) => fullName.startsWith(`${name}.`))
      .sort((a, b) => b.length - a.length)[0]
    return old === undefined ? fullName : `${this.#packages.get(old)}${fullName.slice(old.length)}`
  }

  messages(before: MessageSchema, after: MessageSchema): readonly BreakingCategory[] {
    const key = `${before.fullName} ${after.fullName}`
    // Those that hold each other are as compatible as what they hold beside.
    if (this.#comparing.has(key)) return []
    this.#comparing.add(key)
    try {
      const broken = compareMessage({ before, after, places: placesOf(before, after) }, this)
      return broken.flatMap(({ categories }) => categories)
    } finally {
      this.#comparing.delete(key)
    }
  }

  enums(before: EnumSchema, after: EnumSchema): readonly BreakingCategory[] {
    return compareEnum({ before, after, places: placesOf(before, after) }).flatMap(({ categories }) => categories)
  }

  #packageChange(file: ContractFile): Change[] {
    const now = this.#packages.get(file.package)
    if (now === undefined) return []
    const text = `the package is ${now}, was ${file.package}: so are the names of its types and the paths of its methods`
    const place: Place = { side: 'new', file: file.name, path: [], fullName: now }
    return [change('PACKAGE_CHANGED', place, { text, breaks: ['wire', 'json', 'source'] })]
  }

  #each<K extends Kind>(kind: K, compare: (before: Kinds[K], after: Kinds[K], places: Places) => Change[]): Change[] {
    const now = declarations(this.#after, kind)
    return [...declarations(this.#before, kind)].flatMap(([fullName, old]) => {
      const place: Place = { side: 'old', file: old.file, path: old.path, fullName }
      const is = now.get(this.renamed(fullName))
      if (!is) {
        const [rule, word, breaks] = REMOVED[kind]
        return [change(rule, place, { text: `${word} is removed`, breaks })]
      }
      const places = { before: place, after: { ...place, ...is, side: 'new', fullName: is.it.fullName } as const }
      const text = `is declared in ${is.file}, was in ${old.file}`
      const moved = old.file === is.file ? [] : [change('TYPE_MOVED', places.after, { text, breaks: ['source'] })]
      return [...moved, ...compare(old.it, is.it, places)]
    })
  }
}

function isEmpty({ messages, enums, services }: ContractFile): boolean {
  return messages.length + enums.length + services.length === 0
}

function declarations<K extends Kind>(files: readonly ContractFile[], kind: K): Map<string, Declared<Kinds[K]>> {
  const all = files.flatMap((file) =>
    (file[kind] as readonly Kinds[K][]).map((it) => {
      const path = 'path' in it ? it.path : [it.name]
      return [it.fullName, { it, file: file.name, path }] as const
    }),
  )
  return new Map(all)
}

function placesOf(before: MessageSchema | EnumSchema, after: MessageSchema | EnumSchema): Places {
  const place = (side: 'old' | 'new', { declaredIn, path, fullName }: MessageSchema | EnumSchema): Place => ({
    side,
    file: declaredIn.name,
    path,
    fullName,
  })
  return { before: place('old', before), after: place('new', after) }
}
