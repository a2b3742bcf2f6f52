/** A comment in two parts, as operations have it: its first sentence, and all of it where that is more. */
export function summaryOf(comment: string | undefined): { readonly summary?: string; readonly description?: string } {
  const text = comment?.trim()
  if (!text) return {}
  const [paragraph = ''] = text.split(/\n\s*\n/)
  const line = paragraph.replace(/\s*\n\s*/g, ' ')
  const sentence = /^.*?[.!?](?=\s+[^a-z\s]|$)/.exec(line)?.[0] ?? line
  const summary = sentence.replace(/\.$/, '')
  return sentence === text ? { summary } : { summary, description: text }
}

/** Sentences in one text; nothing for none. */
export function describe(...parts: readonly (string | undefined | false)[]): { readonly description?: string } {
  const said = parts.flatMap((part) => (part && part.trim() !== '' ? [part.trim()] : []))
  return said.length > 0 ? { description: said.join('\n\n') } : {}
}

/** Orders texts by their characters, the same everywhere. */
export function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The same entries, in the order of their keys. */
export function sorted<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => byName(a, b)))
}
