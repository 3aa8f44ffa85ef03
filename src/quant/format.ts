/** Number formats of a 4-bit layer, and what each stores per weight. */

/** Which way a value halfway between two FP4 levels goes: DeepCompressor takes the larger value, hardware the even code. */
export type TieRule = 'larger' | 'even';

export type Format =
  /** Signed symmetric [-7, 7]; one scale (absmax/7) per `group` inputs, or per row. */
  | { readonly kind: 'int4'; readonly group: number | 'channel' }
  /** Symmetric integers of another width, as values only (no packed kernel): what the bit-width sweep uses. */
  | { readonly kind: 'int'; readonly bits: number; readonly group: number | 'channel' }
  /** E2M1 in groups of 16 with an E4M3 scale; weights have one more scale per tensor. */
  | { readonly kind: 'nvfp4'; readonly ties: TieRule; readonly divideByUnrounded: boolean }
  /** E2M1 in groups of 32 with a power-of-two scale. */
  | { readonly kind: 'mxfp4'; readonly ties: TieRule }
  /** QLoRA's 16 normal quantiles, absmax scale; weights only. */
  | { readonly kind: 'nf4'; readonly group: number };

/** Inputs that share one scale. @param inFeatures K, the length of a row */
export function groupSize(format: Format, inFeatures: number): number {
  switch (format.kind) {
    case 'nvfp4': return 16;
    case 'mxfp4': return 32;
    case 'nf4': return format.group;
    default: return format.group === 'channel' ? Math.max(1, inFeatures) : format.group;
  }
}

/** Largest code of a symmetric integer of `bits` bits. */
export const largestCode = (bits: number): number => 2 ** (bits - 1) - 1;

/** For captions and tables: 'INT4, g 64'. */
export function formatLabel(format: Format): string {
  switch (format.kind) {
    case 'nvfp4': return 'NVFP4, g 16';
    case 'mxfp4': return 'MXFP4, g 32';
    case 'nf4': return `NF4, g ${format.group}`;
    case 'int4': return format.group === 'channel' ? 'INT4, per channel' : `INT4, g ${format.group}`;
    case 'int': return `INT${format.bits}`;
  }
}

/** For the caption of a rounded tensor: 'int4', 'nvfp4'. */
export const formatTag = (format: Format): string => (format.kind === 'int' ? `int${format.bits}` : format.kind);
