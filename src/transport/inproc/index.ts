/** A transport within the process, for tests and co-located services. @module */
export { createInproc, type Inproc, type InprocOptions } from './inproc.js'
