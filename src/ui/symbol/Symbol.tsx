import { Fragment, type ReactNode } from 'react';

import { parseSymbol, spoken, type Piece } from './parse';
import './symbol.css';

function draw(piece: Piece): ReactNode {
  if (piece.kind === 'hat') return <span className="sym-hat">{piece.text}</span>;
  if (piece.kind === 'sub') return <sub>{piece.upright ? <i>{piece.text}</i> : piece.text}</sub>;
  return piece.kind === 'upright' ? <i>{piece.text}</i> : piece.text;
}

/** A symbol or short equation in STIX: variables italic, digits, operators and function names upright, hats over letters. */
export function Sym({ text, className }: { readonly text: string; readonly className?: string }) {
  const pieces = parseSymbol(text);
  const hatted = pieces.some((p) => p.kind === 'hat');
  // A hat is drawn by the stylesheet, so it must be said in words; without one the letters speak for themselves.
  return (
    <span className={className ? `sym ${className}` : 'sym'} {...(hatted ? { role: 'math', 'aria-label': spoken(text) } : {})}>
      {pieces.map((piece, i) => <Fragment key={i}>{draw(piece)}</Fragment>)}
    </span>
  );
}

/** A sentence in which `*XW*` sets a symbol. */
export function Rich({ text }: { readonly text: string }) {
  return <>{text.split('*').map((part, i) => (i % 2 ? <Sym key={i} text={part} /> : <Fragment key={i}>{part}</Fragment>))}</>;
}

/** The same inside the text of an SVG, in the italic of the drawing's own style; hats are left to `Sym`. */
export function SymInChart({ text }: { readonly text: string }) {
  let lowered = false;
  return parseSymbol(text).map((piece, i) => {
    const [sub, dy] = [piece.kind === 'sub', piece.kind === 'sub' ? 3 : lowered ? -3 : 0];
    lowered = sub;
    const upright = piece.kind === 'upright' || (piece.kind === 'sub' && piece.upright);
    return <tspan key={i} dy={dy} fontSize={sub ? '.7em' : undefined} fontStyle={upright ? 'normal' : undefined}>{piece.text}</tspan>;
  });
}
