/** TypeScript from `.proto` files: message types, codecs and service definitions. @module */
export { type GeneratedFile, type GenerateOptions, generate, generateCode } from './generate.js'
