import { hasFeatures } from '../../codec/schema/features.js'
import type { Reserved } from '../../codec/schema/schema.js'
import type { FileView } from './file-view.js'
import { quoted } from './text-format.js'

const LAST = 2 ** 29 - 1

/** What is reserved. */
export function reservedLines({ edition }: Pick<FileView, 'edition'>, { numbers, names }: Reserved): string[] {
  const written = hasFeatures(edition) ? names : names.map(quoted)
  return [...rangesLine('reserved', numbers), ...(written.length > 0 ? [`reserved ${written.join(', ')};`] : [])]
}

/** Ranges of numbers behind a word; nothing without any. */
export function rangesLine(word: 'reserved' | 'extensions', ranges: Reserved['numbers']): string[] {
  return ranges.length > 0 ? [`${word} ${ranges.map(rangeText).join(', ')};`] : []
}

function rangeText([first, last]: readonly [number, number]): string {
  if (first === last) return String(first)
  return `${first} to ${last >= LAST ? 'max' : last}`
}
