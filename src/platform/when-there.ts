/**
 * Goes on with a value at once when it is there, and later when it is promised: a request whose
 * answers are kept takes no turn of the event loop for each.
 */
export const whenThere = <Value, Result>(
  value: Value | Promise<Value>,
  next: (value: Value) => Result,
): Result | Promise<Awaited<Result>> =>
  value instanceof Promise ? (value.then(next) as Promise<Awaited<Result>>) : next(value)
