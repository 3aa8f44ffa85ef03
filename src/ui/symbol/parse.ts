/** The house's tiny notation: '^' before a letter sets a hat, '_' a subscript, '⁻¹'-like marks pass through. */

export type Piece =
  | { readonly kind: 'variable' | 'hat' | 'upright'; readonly text: string }
  | { readonly kind: 'sub'; readonly text: string; readonly upright: boolean };

const TOKEN = /\^([A-Za-z])|_\{([^}]*)\}|_(\w)|(diag|max|min|round|median|mean|SVD|int4|log|softmax|exp)(?![A-Za-z])|([A-Za-zα-ωΑ-Ω])|([^A-Za-zα-ωΑ-Ω^_]+|[\^_])/g;

/** 'Q(^X)' → Q italic, ( upright, X with a hat, ) upright. Neighbours of one kind are joined. */
export function parseSymbol(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (const [, hat, braced, single, word, letter, other] of text.matchAll(TOKEN)) {
    const sub = braced ?? single;
    const piece: Piece = hat !== undefined ? { kind: 'hat', text: hat }
      : sub !== undefined ? { kind: 'sub', text: sub, upright: /^\d+$/.test(sub) || sub.length > 1 }
      : letter !== undefined ? { kind: 'variable', text: letter }
      : { kind: 'upright', text: word ?? other ?? '' };
    const last = pieces.at(-1);
    if (last && last.kind === piece.kind && (piece.kind === 'variable' || piece.kind === 'upright')) {
      pieces[pieces.length - 1] = { kind: piece.kind, text: last.text + piece.text };
    } else pieces.push(piece);
  }
  return pieces;
}

/** As it is read aloud: 'Q(X hat)'. */
export const spoken = (text: string): string =>
  parseSymbol(text).map((p) => (p.kind === 'hat' ? `${p.text} hat` : p.kind === 'sub' ? ` ${p.text}` : p.text)).join('');
