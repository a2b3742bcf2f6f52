import type { EditionFacts } from './edition-facts.js'
import type { OptionScope } from './option-scope.js'

/** What the parts of one file are described with. */
export interface FileWriter {
  readonly options: OptionScope
  readonly edition: EditionFacts
}
