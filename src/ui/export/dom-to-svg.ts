/**
 * A view as one self-contained SVG of plain shapes, text and images: no foreignObject, so that drawing programs and
 * slides read it too. Follows what is on the screen: boxes, borders, text by line, canvases, inline SVG, hats.
 */

const NS = 'http://www.w3.org/2000/svg';
const PAINT = [
  'fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity', 'font-family', 'font-size',
  'font-weight', 'font-style', 'letter-spacing', 'text-anchor', 'dominant-baseline', 'paint-order', 'visibility', 'display', 'shape-rendering', 'stop-color', 'stop-opacity',
] as const;
const DRAWN = new Set(['g', 'path', 'line', 'rect', 'circle', 'ellipse', 'polygon', 'polyline', 'text', 'tspan', 'stop', 'use']);

interface Sheet {
  readonly left: number;
  readonly top: number;
  readonly families: Set<string>;
  clips: number;
}

function make(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, typeof value === 'number' ? String(Number(value.toFixed(2))) : value);
  return element;
}

const seen = (colour: string): boolean => colour !== 'transparent' && !/^rgba\(.*, 0\)$/.test(colour);
const pixels = (text: string): number => Number.parseFloat(text) || 0;

/** Ascent and descent of the font, from the text metrics of a canvas. */
const measure = (() => {
  let context: CanvasRenderingContext2D | null | undefined;
  return (style: CSSStyleDeclaration): { readonly ascent: number; readonly descent: number } => {
    context ??= document.createElement('canvas').getContext('2d');
    const size = pixels(style.fontSize);
    if (!context) return { ascent: 0.8 * size, descent: 0.2 * size };
    context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = context.measureText('x');
    return { ascent, descent };
  };
})();

function textAt(text: string, x: number, y: number, style: CSSStyleDeclaration, sheet: Sheet): SVGElement {
  sheet.families.add(style.fontFamily);
  const element = make('text', {
    x, y, fill: style.color, 'font-family': style.fontFamily, 'font-size': style.fontSize, 'font-weight': style.fontWeight, 'font-style': style.fontStyle,
    'font-variant-numeric': style.fontVariantNumeric, 'letter-spacing': style.letterSpacing,
  });
  element.textContent = text;
  return element;
}

/** A text node line by line, each without the spaces at its ends. */
function drawText(node: Text, style: CSSStyleDeclaration, into: SVGElement, sheet: Sheet): void {
  const all = node.data;
  if (!all.trim()) return;
  const range = document.createRange();
  const lines: { from: number; to: number; top: number }[] = [];
  for (let i = 0; i < all.length; i++) {
    if (/\s/.test(all[i]) && all[i] !== ' ') continue;
    range.setStart(node, i);
    range.setEnd(node, i + 1);
    const rect = range.getClientRects()[0];
    if (!rect || rect.width + rect.height === 0) continue;
    const last = lines.at(-1);
    if (last && Math.abs(last.top - rect.top) < 2) last.to = i + 1;
    else lines.push({ from: i, to: i + 1, top: rect.top });
  }
  const { ascent, descent } = measure(style);
  for (const line of lines) {
    let { from, to } = line;
    while (from < to && all[from] === ' ') from++;
    while (to > from && /\s/.test(all[to - 1])) to--;
    if (from === to) continue;
    range.setStart(node, from);
    range.setEnd(node, to);
    const rect = range.getClientRects()[0];
    const baseline = rect.top + (rect.height * ascent) / (ascent + descent || 1);
    const upper = style.textTransform === 'uppercase';
    const text = all.slice(from, to).replaceAll(/\s+/g, (s) => (s.includes(' ') ? s : ' '));
    into.append(textAt(upper ? text.toUpperCase() : text, rect.left - sheet.left, baseline - sheet.top, style, sheet));
  }
}

/** Text that the stylesheet sets over an element (the hats of symbols). */
function drawPseudo(element: Element, which: '::before' | '::after', into: SVGElement, sheet: Sheet): void {
  const style = getComputedStyle(element, which);
  const text = /^"(.*)"$/.exec(style.content)?.[1];
  if (!text || style.position !== 'absolute') return;
  const rect = element.getBoundingClientRect();
  const shift = new DOMMatrix(style.transform === 'none' ? undefined : style.transform);
  const { ascent, descent } = measure(style);
  const lineHeight = pixels(style.lineHeight) || ascent + descent;
  const baseline = rect.top + pixels(style.top) + shift.f + (lineHeight - ascent - descent) / 2 + ascent;
  into.append(textAt(text, rect.left + pixels(style.left) + shift.e - sheet.left, baseline - sheet.top, style, sheet));
}

function drawBox(style: CSSStyleDeclaration, rect: DOMRect, into: SVGElement, sheet: Sheet): void {
  const [x, y] = [rect.left - sheet.left, rect.top - sheet.top];
  const { width, height } = rect;
  const round = Math.min(pixels(style.borderTopLeftRadius), height / 2);
  if (seen(style.backgroundColor)) into.append(make('rect', { x, y, width, height, rx: round, fill: style.backgroundColor }));
  const sides = { Top: [x, y, width, 0], Bottom: [x, y + height, width, 0], Left: [x, y, 0, height], Right: [x + width, y, 0, height] } as const;
  const borders = Object.keys(sides).map((side) => {
    const name = side.toLowerCase();
    return { side: side as keyof typeof sides, size: style.getPropertyValue(`border-${name}-style`) === 'none' ? 0 : pixels(style.getPropertyValue(`border-${name}-width`)), colour: style.getPropertyValue(`border-${name}-color`) };
  }).filter((b) => b.size > 0 && seen(b.colour));
  if (borders.length === 4 && new Set(borders.map((b) => b.colour + b.size)).size === 1) {
    const { size, colour } = borders[0];
    into.append(make('rect', { x: x + size / 2, y: y + size / 2, width: width - size, height: height - size, rx: round, fill: 'none', stroke: colour, 'stroke-width': size }));
  } else {
    for (const { side, size, colour } of borders) {
      const [bx, by, bw, bh] = sides[side];
      into.append(make('rect', { x: side === 'Right' ? bx - size : bx, y: side === 'Bottom' ? by - size : by, width: bw || size, height: bh || size, fill: colour }));
    }
  }
  // Rings and underlines drawn as shadows without blur: "colour dx dy 0px spread [inset]".
  for (const [, colour, dx, dy, grow, inset] of style.boxShadow.matchAll(/((?:rgba?|color)\([^)]*\)) (-?[\d.]+)px (-?[\d.]+)px 0px (-?[\d.]+)px( inset)?/g)) {
    const spread = Number(grow);
    if (spread > 0) {
      const out = inset ? -spread / 2 : spread / 2;
      into.append(make('rect', { x: x - out, y: y - out, width: width + 2 * out, height: height + 2 * out, fill: 'none', stroke: colour, 'stroke-width': spread }));
    } else if (inset && Number(dy) < 0) into.append(make('rect', { x, y: y + height + Number(dy), width, height: -Number(dy), fill: colour }));
    else if (inset && Number(dx) > 0) into.append(make('rect', { x, y, width: Number(dx), height, fill: colour }));
  }
}

/** An inline SVG with the styles it has on the page written into it. */
function copySvg(svg: SVGSVGElement, rect: DOMRect, sheet: Sheet): SVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [from, to] = [[...svg.querySelectorAll('*')], [...copy.querySelectorAll('*')]];
  from.forEach((original, i) => {
    if (!DRAWN.has(original.localName)) return;
    const style = getComputedStyle(original);
    if (original.localName === 'text') sheet.families.add(style.fontFamily);
    for (const name of PAINT) {
      const value = style.getPropertyValue(name);
      if (value && value !== 'normal' && value !== 'auto') to[i].setAttribute(name, value);
    }
    to[i].removeAttribute('class');
    to[i].removeAttribute('style');
  });
  for (const html of copy.querySelectorAll('foreignObject')) html.remove();
  copy.removeAttribute('class');
  copy.removeAttribute('style');
  const place = { x: rect.left - sheet.left, y: rect.top - sheet.top, width: rect.width, height: rect.height };
  for (const [key, value] of Object.entries(place)) copy.setAttribute(key, String(Number(value.toFixed(2))));
  copy.setAttribute('overflow', getComputedStyle(svg).overflow === 'hidden' ? 'hidden' : 'visible');
  copy.setAttribute('color', getComputedStyle(svg).color);
  return copy;
}

/** Range inputs and progress bars have no elements of their own inside: track, value and thumb as the stylesheet draws them. */
function drawTrack(element: HTMLInputElement | HTMLProgressElement, rect: DOMRect, style: CSSStyleDeclaration, into: SVGElement, sheet: Sheet): void {
  const slider = element instanceof HTMLInputElement;
  const [low, high] = slider ? [Number(element.min), Number(element.max)] : [0, element.max];
  const value = slider ? element.valueAsNumber : element.value;
  const share = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0;
  const [thumb, thick] = slider ? [7, 2] : [0, rect.height];
  const [x, y] = [rect.left - sheet.left, rect.top - sheet.top + rect.height / 2];
  const at = thumb + share * (rect.width - 2 * thumb);
  into.append(make('rect', { x, y: y - thick / 2, width: rect.width, height: thick, fill: style.color, 'fill-opacity': 0.25 }));
  into.append(make('rect', { x, y: y - thick / 2, width: at, height: thick, fill: style.color }));
  if (slider) into.append(make('circle', { cx: x + at, cy: y, r: thumb - 1, fill: getComputedStyle(document.body).backgroundColor, stroke: style.color, 'stroke-width': 2 }));
}

function draw(element: Element, into: SVGElement, sheet: Sheet): void {
  if (element instanceof HTMLElement && element.dataset.export === 'omit') return;
  const style = getComputedStyle(element);
  const rect = element.getBoundingClientRect();
  if (style.display === 'none' || style.visibility === 'hidden' || style.clipPath === 'inset(50%)' || !element.checkVisibility()) return;
  let group = into;
  if (Number(style.opacity) < 1) into.append((group = make('g', { opacity: style.opacity })));
  if (element instanceof SVGSVGElement) {
    if (rect.width === 0 || rect.height === 0) return;
    group.append(copySvg(element, rect, sheet));
    // HTML inside an SVG would taint the canvas of the PNG: it is drawn like the rest.
    for (const html of element.querySelectorAll('foreignObject > *')) draw(html, group, sheet);
    return;
  }
  if (style.display !== 'contents') drawBox(style, rect, group, sheet);
  if (element instanceof HTMLCanvasElement) {
    if (element.width > 0 && element.height > 0 && rect.width > 0) {
      const image = make('image', { x: rect.left - sheet.left, y: rect.top - sheet.top, width: rect.width, height: rect.height, href: element.toDataURL(), preserveAspectRatio: 'none' });
      image.setAttribute('style', 'image-rendering: pixelated');
      group.append(image);
    }
    return;
  }
  if (element instanceof HTMLProgressElement || (element instanceof HTMLInputElement && element.type === 'range')) {
    drawTrack(element, rect, style, group, sheet);
    return;
  }
  if (element instanceof HTMLInputElement && element.type === 'text') {
    const { ascent, descent } = measure(style);
    group.append(textAt(element.value, rect.left - sheet.left, rect.top - sheet.top + (rect.height - ascent - descent) / 2 + ascent, style, sheet));
    return;
  }
  if (style.overflowX !== 'visible' && style.display !== 'inline') {
    const id = `clip-${sheet.clips++}`;
    const clip = make('clipPath', { id });
    clip.append(make('rect', { x: rect.left - sheet.left - 6, y: rect.top - sheet.top - 6, width: rect.width + 12, height: rect.height + 12 }));
    const clipped = make('g', { 'clip-path': `url(#${id})` });
    group.append(clip, clipped);
    group = clipped;
  }
  drawPseudo(element, '::before', group, sheet);
  for (const child of element.childNodes) {
    if (child instanceof Text) drawText(child, style, group, sheet);
    else if (child instanceof Element) draw(child, group, sheet);
  }
  drawPseudo(element, '::after', group, sheet);
}

export interface Drawing {
  readonly svg: SVGSVGElement;
  readonly width: number;
  readonly height: number;
  /** CSS font-family lists in use. */
  readonly families: ReadonlySet<string>;
}

const [PADDING, LINE] = [16, 15];

/** @param notes lines set under the picture: its link, seed, device and versions */
export function domToSvg(target: HTMLElement, notes: readonly string[]): Drawing {
  const box = target.getBoundingClientRect();
  const page = getComputedStyle(document.body);
  const footer = notes.length ? notes.length * LINE + 10 : 0;
  const [width, height] = [Math.ceil(box.width) + 2 * PADDING, Math.ceil(Math.max(box.height, target.scrollHeight)) + 2 * PADDING + footer];
  const svg = make('svg', { xmlns: NS, width, height, viewBox: `0 0 ${width} ${height}` }) as SVGSVGElement;
  svg.append(make('rect', { width, height, fill: seen(page.backgroundColor) ? page.backgroundColor : '#fff' }));
  const sheet: Sheet = { left: box.left - PADDING, top: box.top - PADDING, families: new Set([page.fontFamily]), clips: 0 };
  draw(target, svg, sheet);
  notes.forEach((note, i) => {
    const text = make('text', { x: PADDING, y: height - PADDING - (notes.length - 1 - i) * LINE, fill: page.color, 'fill-opacity': 0.7, 'font-family': page.fontFamily, 'font-size': '11px' });
    text.textContent = note;
    svg.append(text);
  });
  return { svg, width, height, families: sheet.families };
}
