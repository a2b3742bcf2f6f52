import type { Context, Middleware } from 'tierkit'

/** Shows the context of each call before it is made. */
export function watching(see: (context: Context) => void): Middleware {
  return (next) =>
    function watching(request, context) {
      see(context)
      return next(request, context)
    }
}
