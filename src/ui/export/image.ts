/** A view as an SVG file with its fonts in it, and as a PNG drawn from that. */

import { domToSvg } from './dom-to-svg';
import type { Drawing } from './dom-to-svg';

const PIXELS = 2;
/** Browsers refuse larger canvases. */
const LARGEST_SIDE = 16_384;

async function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result)));
    reader.addEventListener('error', () => reject(reader.error ?? new Error('The font could not be read.')));
    reader.readAsDataURL(blob);
  });
}

const fontRules = (): CSSFontFaceRule[] =>
  [...document.styleSheets].flatMap((sheet) => {
    try {
      return [...sheet.cssRules].filter((rule): rule is CSSFontFaceRule => rule instanceof CSSFontFaceRule);
    } catch {
      return []; // a sheet of another origin tells nothing
    }
  });

const bare = (text: string): string => text.replaceAll(/["'\s]/g, '').toLowerCase();

/** The faces that the page has loaded and the drawing names, as CSS with the font files inside. A face that cannot be read is left out. */
async function embeddedFonts(families: ReadonlySet<string>): Promise<string> {
  const used = [...families].map(bare).join(',').split(',');
  const loaded = [...document.fonts].filter((face) => face.status === 'loaded');
  const rules = fontRules().filter((rule) => {
    const family = bare(rule.style.getPropertyValue('font-family'));
    const [kind, range] = [rule.style.getPropertyValue('font-style') || 'normal', bare(rule.style.getPropertyValue('unicode-range'))];
    return used.includes(family) && loaded.some((face) => bare(face.family) === family && face.style === kind && (!range || bare(face.unicodeRange) === range));
  });
  const faces = await Promise.all(rules.map(async (rule) => {
    const source = rule.style.getPropertyValue('src');
    const address = /url\(["']?([^"')]+)["']?\)/.exec(source)?.[1];
    if (!address) return '';
    try {
      const response = await fetch(new URL(address, rule.parentStyleSheet?.href ?? document.baseURI));
      if (!response.ok) return '';
      return rule.cssText.replace(source, `url("${await dataUrl(await response.blob())}") format("woff2")`);
    } catch {
      return '';
    }
  }));
  return faces.join('\n');
}

async function complete(target: HTMLElement, notes: readonly string[]): Promise<Drawing & { readonly text: string }> {
  await document.fonts.ready;
  const drawing = domToSvg(target, notes);
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = await embeddedFonts(drawing.families);
  drawing.svg.prepend(style);
  return { ...drawing, text: new XMLSerializer().serializeToString(drawing.svg) };
}

export const toSvg = async (target: HTMLElement, notes: readonly string[]): Promise<string> =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${(await complete(target, notes)).text}\n`;

/** @throws Error with a sentence when the browser cannot draw the picture */
export async function toPng(target: HTMLElement, notes: readonly string[]): Promise<Blob> {
  const { text, width, height } = await complete(target, notes);
  const address = await dataUrl(new Blob([text], { type: 'image/svg+xml' }));
  const image = new Image();
  image.src = address;
  await image.decode();
  const scale = Math.min(PIXELS, LARGEST_SIDE / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser gave no canvas to draw on.');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('This browser could not write the PNG.'))), 'image/png');
  });
}
