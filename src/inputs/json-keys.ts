/**
 * The first name that an object of the text has twice, at any depth; JSON.parse silently keeps the last of them.
 * Written as a loop over characters: a pattern or a recursion would run out of stack on what a file may hold.
 * @param text valid JSON
 */
export function duplicateKey(text: string): string | undefined {
  /** Names seen in each open object; null for an open list. */
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '{') open.push(new Set());
    else if (char === '[') open.push(null);
    else if (char === '}' || char === ']') open.pop();
    else if (char === '"') {
      const end = endOfString(text, at);
      const names = open.at(-1);
      if (names && isKey(text, end + 1)) {
        const name = textOf(text.slice(at, end + 1));
        if (names.has(name)) return name;
        names.add(name);
      }
      at = end;
    }
  }
  return undefined;
}

/** The closing quote of the string that opens at `at`. */
function endOfString(text: string, at: number): number {
  for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++;
  return at;
}

const textOf = (quoted: string): string => (quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1));

/** A string is a name when a colon follows it. */
function isKey(text: string, at: number): boolean {
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return text[at] === ':';
}

/** A value as JSON, for a sentence; values nested too deep to be written are said to be so. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'nothing';
  } catch (error) {
    if (error instanceof RangeError) return 'lists nested very deep';
    throw error;
  }
}
