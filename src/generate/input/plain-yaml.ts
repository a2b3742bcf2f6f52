/** A value of a YAML file. Scalars are text. */
export type PlainYaml = string | readonly PlainYaml[] | { readonly [key: string]: PlainYaml }

/** A line that says something. */
interface Line {
  readonly no: number
  readonly indent: number
  readonly text: string
}

const KEY = /^("[^"]*"|'[^']*'|[^\s"'[\]{}&*!|>%@`#,:-][^:#]*?|[^\s:#]+):(?:\s+(.*))?$/

/**
 * Reads mappings, lists, `[a, b]` and text, as configurations are written. Throws an `Error` that names the line of whatever
 * else YAML has: anchors, tags, tabs.
 */
export function readPlainYaml(source: string): PlainYaml {
  const reader = new YamlReader(linesOf(source))
  return reader.done ? {} : reader.readAll()
}

function linesOf(source: string): Line[] {
  return source.split(/\r?\n/).flatMap((raw, index) => {
    const text = raw.replace(/(^|\s)#(?=([^"']*["'][^"']*["'])*[^"']*$).*$/, '').trimEnd()
    if (text.trim() === '' || text === '---') return []
    if (/^\s*\t/.test(text)) throw new Error(`line ${index + 1}: tabs cannot indent`)
    return [{ no: index + 1, indent: text.search(/\S/), text: text.trim() }]
  })
}

class YamlReader {
  readonly #lines: Line[]
  #at = 0

  constructor(lines: Line[]) {
    this.#lines = lines
  }

  get done(): boolean {
    return this.#at >= this.#lines.length
  }

  readAll(): PlainYaml {
    const value = this.#block(this.#lines[0]?.indent ?? 0)
    const rest = this.#lines[this.#at]
    if (rest) throw new Error(`line ${rest.no}: ${JSON.stringify(rest.text)} is not indented like what is around it`)
    return value
  }

  #block(indent: number): PlainYaml {
    return isItem(this.#lines[this.#at]) ? this.#list(indent) : this.#mapping(indent)
  }

  #list(indent: number): PlainYaml[] {
    const items: PlainYaml[] = []
    for (let line = this.#lines[this.#at]; line?.indent === indent && isItem(line); line = this.#lines[this.#at]) {
      const text = line.text.slice(1).trimStart()
      if (KEY.test(text) || isItem({ ...line, text })) {
        // What stands behind the dash is a block of its own, indented to where it begins.
        const inner = indent + line.text.length - text.length
        this.#lines[this.#at] = { no: line.no, indent: inner, text }
        items.push(this.#block(inner))
      } else {
        this.#at += 1
        items.push(text === '' ? this.#nested(indent + 1) : scalar(text, line.no))
      }
    }
    return items
  }

  #mapping(indent: number): PlainYaml {
    const entries: [string, PlainYaml][] = []
    for (let line = this.#lines[this.#at]; line?.indent === indent && !isItem(line); line = this.#lines[this.#at]) {
      const [, key, value = ''] = KEY.exec(line.text) ?? []
      if (key === undefined) throw new Error(`line ${line.no}: ${JSON.stringify(line.text)} is no "key: value"`)
      this.#at += 1
      entries.push([unquoted(key), this.#value(value, indent, line.no)])
    }
    return Object.fromEntries(entries)
  }

  #value(text: string, indent: number, no: number): PlainYaml {
    if (/^[|>][+-]?$/.test(text)) return this.#textBlock(indent)
    if (text !== '') return scalar(text, no)
    // A list may stand as far to the left as its key.
    return this.#nested(isItem(this.#lines[this.#at]) ? indent : indent + 1)
  }

  #nested(from: number): PlainYaml {
    const line = this.#lines[this.#at]
    return line && line.indent >= from ? this.#block(line.indent) : ''
  }

  #textBlock(indent: number): string {
    const lines: string[] = []
    for (let line = this.#lines[this.#at]; line && line.indent > indent; line = this.#lines[this.#at]) {
      lines.push(line.text)
      this.#at += 1
    }
    return lines.join('\n')
  }
}

function isItem(line: Line | undefined): boolean {
  return line !== undefined && (line.text === '-' || line.text.startsWith('- '))
}

function scalar(text: string, no: number): PlainYaml {
  if (text === '{}') return {}
  const [, list] = /^\[(.*)\]$/.exec(text) ?? []
  if (list !== undefined) return list.trim() === '' ? [] : list.split(',').map((item) => scalar(item.trim(), no))
  if (/^[&*!{[]/.test(text)) throw new Error(`line ${no}: ${JSON.stringify(text)} is YAML that is not read here`)
  return unquoted(text)
}

function unquoted(text: string): string {
  const [, , inner] = /^(["'])(.*)\1$/.exec(text) ?? []
  return inner ?? text
}
