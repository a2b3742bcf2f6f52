import { hasFeatures } from '../../codec/schema/features.js'
import type { MessageSchema, Reserved } from '../../codec/schema/schema.js'
import { type FileView, optionStatements, withOptions } from './file-view.js'
import { quoted } from './text-format.js'

const LAST = 2 ** 29 - 1

/** What is reserved. */
export function reservedLines({ edition }: Pick<FileView, 'edition'>, { numbers, names }: Reserved): string[] {
  const written = hasFeatures(edition) ? names : names.map(quoted)
  return [...rangesLine('reserved', numbers), ...(written.length > 0 ? [`reserved ${written.join(', ')};`] : [])]
}

/** The numbers that other files may add fields with: those side by side that have no options in one statement. */
export function extensionLines(view: FileView, { extensionRanges = [], extensionRangeOptions = {} }: MessageSchema) {
  const lines: string[] = []
  let plain: Reserved['numbers'] = []
  for (const range of extensionRanges) {
    const options = extensionRangeOptions[range[0]]
    if (options) {
      const statements = optionStatements(view, options)
      lines.push(...rangesLine('extensions', plain), ...withOptions(`extensions ${rangeText(range)}`, statements))
    }
    plain = options ? [] : [...plain, range]
  }
  return [...lines, ...rangesLine('extensions', plain)]
}

/** Ranges of numbers behind a word; nothing without any. */
function rangesLine(word: 'reserved' | 'extensions', ranges: Reserved['numbers']): string[] {
  return ranges.length > 0 ? [`${word} ${ranges.map(rangeText).join(', ')};`] : []
}

function rangeText([first, last]: readonly [number, number]): string {
  if (first === last) return String(first)
  return `${first} to ${last >= LAST ? 'max' : last}`
}
