/** Diagonal lines, 5 px apart whatever the drawing's own scale: what is left out. `scale`: px of one unit of the drawing. */
export function Hatch({ id, scale = 1, dense = false }: { readonly id: string; readonly scale?: number; readonly dense?: boolean }) {
  const step = (dense ? 3.5 : 5) / scale;
  return (
    <pattern id={id} width={step} height={step} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <path d={`M0 0V${step}`} stroke="var(--line2)" strokeWidth={(dense ? 1.6 : 1) / scale} />
    </pattern>
  );
}
