import type { Metadata } from '../../endpoint/metadata.js'
import { fieldText, isCarried, isSingle } from '../grpc-wire/fields.js'

/** Adds the application's metadata to header fields, names and values in turn, leaving out what is not its to set. */
export function writeFields(metadata: Metadata, fields: string[]): void {
  for (const [name, values] of metadata) {
    if (!isCarried(name)) continue
    if (isSingle(name)) fields.push(name, values.map(fieldText).join(', '))
    else for (const value of values) fields.push(name, fieldText(value))
  }
}
