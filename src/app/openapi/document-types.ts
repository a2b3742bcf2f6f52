/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 has it. */
export type OpenApiSchema = Readonly<Record<string, unknown>>

/** An OpenAPI 3.1 document. It is JSON through and through, and its keys have the same order each time. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: OpenApiInfo
  readonly servers?: readonly OpenApiServer[]
  readonly security?: readonly SecurityRequirement[]
  readonly tags: readonly { readonly name: string; readonly description?: string }[]
  /** Path items by path: `/v1/orders/{orderId}`. */
  readonly paths: Readonly<Record<string, OpenApiPathItem>>
  readonly components: {
    /** Schemas by the full name of their type: `shop.v1.Order`. */
    readonly schemas: Readonly<Record<string, OpenApiSchema>>
    readonly responses?: Readonly<Record<string, OpenApiResponse>>
    readonly securitySchemes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  }
}

/** What a document says of itself. */
export interface OpenApiInfo {
  readonly title: string
  /** Version of the interface, not of OpenAPI. */
  readonly version: string
  readonly description?: string | undefined
}

/** Where an interface is served. */
export interface OpenApiServer {
  readonly url: string
  readonly description?: string | undefined
}

/** Names of security schemes, all of which are needed, each with the scopes that it takes: `{ bearer: [] }`. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>

/** The operations of a path by HTTP method in lower case. */
export type OpenApiPathItem = Readonly<Record<string, OpenApiOperation>>

/** A call: one HTTP binding of a method. */
export interface OpenApiOperation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary?: string
  readonly description?: string
  readonly deprecated?: boolean
  readonly parameters?: readonly OpenApiParameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: OpenApiContent }
  readonly responses: Readonly<Record<string, OpenApiResponse | { readonly $ref: string }>>
  readonly security?: readonly SecurityRequirement[]
  /** The method that it calls: `shop.v1.Orders.GetOrder`. */
  readonly 'x-tierkit-method': string
}

/** A parameter of a path or a query. */
export interface OpenApiParameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly description?: string
  readonly required?: boolean
  readonly deprecated?: boolean
  readonly style?: 'form' | 'deepObject'
  readonly explode?: boolean
  readonly schema: OpenApiSchema
}

/** Bodies by media type. */
export type OpenApiContent = Readonly<
  Record<string, { readonly schema: OpenApiSchema; readonly [keyword: string]: unknown }>
>

/** An answer. */
export interface OpenApiResponse {
  readonly description: string
  readonly content?: OpenApiContent
  readonly [extension: `x-${string}`]: unknown
}
