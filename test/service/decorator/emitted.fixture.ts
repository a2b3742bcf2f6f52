// Compiled by the tests in legacy mode with `emitDecoratorMetadata`: the types of fields are left out.
import 'reflect-metadata'
import { field, message, unary } from 'tierkit/service'

@message('test.Inner')
export class Inner {
  @field(1) text: string = ''
}

@message('test.Emitted')
export class Emitted {
  @field(1) text: string = 'a'
  @field(2) amount: number = 1.5
  @field(3) big: bigint = 2n
  @field(4) yes: boolean = true
  @field(5) bytes: Uint8Array = new Uint8Array([1])
  @field(6) inner: Inner = new Inner()
  @field(7, 'int32') exact: number = 3
}

@message('test.Vague')
class Vague {
  @field(1) list: string[] = []
}

export const vague = (): unknown => unary(Vague, Vague)
