/**
 * The first name that an object of the text has twice, at any depth; JSON.parse silently keeps the last of them.
 * @param text valid JSON
 */
export function duplicateKey(text: string): string | undefined {
  /** Names seen in each open object; null for an open list. */
  const open: (Set<string> | null)[] = [];
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]]/g;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [piece] = match;
    if (piece === '{') open.push(new Set());
    else if (piece === '[') open.push(null);
    else if (piece === '}' || piece === ']') open.pop();
    else {
      const names = open.at(-1);
      if (!names || !isKey(text, token.lastIndex)) continue;
      const name = JSON.parse(piece) as string;
      if (names.has(name)) return name;
      names.add(name);
    }
  }
  return undefined;
}

/** A string is a name when a colon follows it. */
function isKey(text: string, at: number): boolean {
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return text[at] === ':';
}
