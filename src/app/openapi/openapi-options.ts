import type { HttpRuleOverride } from '../../transport/http/rule/rules-of.js'
import type { OpenApiSchema, OpenApiServer, SecurityRequirement } from './document-types.js'

/** What an OpenAPI document says that contracts do not. */
export interface OpenApiOptions {
  /** The package of the first service by default. */
  readonly title?: string | undefined
  /** Version of the interface; `0.0.0` by default. */
  readonly version?: string | undefined
  readonly description?: string | undefined
  /** Where it is served: URLs. Of an app those of its HTTP servers by default; else none, which is where the document came from. */
  readonly servers?: readonly (string | OpenApiServer)[] | undefined
  /**
   * Which methods have an operation for the path of their own, `POST /shop.v1.Orders/GetOrder`: those without an HTTP rule, by
   * default, all, or none.
   */
  readonly methodPaths?: 'without-rule' | 'all' | 'none' | undefined
  /** Rules of a service config: the option of `http()`. What the first HTTP server of the app was told, by default. */
  readonly httpRules?: readonly HttpRuleOverride[] | undefined
  /** HTTP status of success by full name of the method: the option of `http()`. As told to the first HTTP server, by default. */
  readonly successStatus?: Readonly<Record<string, number>> | undefined
  /**
   * How errors look: the option of `http()`, or for a function there the schema of what it writes. As told to the first HTTP server
   * of the app, or `status`, by default.
   */
  readonly errorBody?: 'status' | 'aip193' | 'rfc9457' | 'kratos' | OpenApiErrorBody | undefined
  /** What the envelope of `http()` makes of what it is around. None by default. */
  readonly envelope?: OpenApiEnvelope | undefined
  /** Who may call. Nothing is said by default. */
  readonly security?: OpenApiSecurity | undefined
  /** Told of what is left out of the document, and why. */
  readonly onWarning?: ((text: string) => void) | undefined
}

/** How errors look that a program writes by itself. */
export interface OpenApiErrorBody {
  readonly schema: OpenApiSchema
  /** Media type; `application/json` by default. */
  readonly contentType?: string | undefined
}

/** What an envelope makes of schemas: `{ success: (data) => ({ type: 'object', properties: { data } }) }`. */
export interface OpenApiEnvelope {
  /** Of that of a unary response in JSON. */
  success?(schema: OpenApiSchema): OpenApiSchema
  /** Of that of an error. */
  error?(schema: OpenApiSchema): OpenApiSchema
}

/** Who may call: `{ schemes: { bearer: { type: 'http', scheme: 'bearer' } } }`. */
export interface OpenApiSecurity {
  /** Security Scheme Objects by name. */
  readonly schemes: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** What callers need, one of the list; any one of the schemes by default. */
  readonly require?: readonly SecurityRequirement[] | undefined
  /** Full names of methods, and of services, that anybody may call: `shop.v1.Catalog.ListItems`. */
  readonly open?: readonly string[] | undefined
}
