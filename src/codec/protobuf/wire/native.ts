/** What buffers do natively between text and bytes, without looking at their arguments: Node has it, its types do not. */
interface NativeText {
  utf8Slice(start: number, end: number): string
  utf8Write(text: string, offset: number, length: number): number
  latin1Slice(start: number, end: number): string
  latin1Write(text: string, offset: number, length: number): number
}

/** Methods to be called on any array of bytes. */
export const { utf8Slice, utf8Write, latin1Slice, latin1Write } = Buffer.prototype as Buffer & NativeText
