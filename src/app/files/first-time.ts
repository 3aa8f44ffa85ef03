const seen = new WeakSet<object>();

/** Whether this very thing (a dropped file, a wish) was not served yet: a panel that comes back must not serve it again. */
export function firstTime(thing: object): boolean {
  const first = !seen.has(thing);
  seen.add(thing);
  return first;
}
