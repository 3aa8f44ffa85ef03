/**
 * Codes and scales of the group formats, with the scale as it is stored: the code is the nearest level of that scale.
 * Inner loops call functions by local names: under a terminal's module runner an imported name is looked up at every call.
 */

import { E2M1_MAX, E4M3_MAX, encodeE2m1, mxScale, NF4_MIDPOINTS } from '../../kernels/formats';
import { roundHalfEven } from '../../kernels/round';
import { largestCode } from '../quant/format';
import type { ReportMethodId } from './contract';
import { roundStored, storeE4m3, type Encoded, type Scheme } from './scheme';

interface Rule {
  /** The stored scale of a group whose largest magnitude is given. */
  readonly scale: (absmax: number) => number;
  /** Codes of w[from … to). */
  readonly encode: (w: Float32Array, from: number, to: number, scale: number, codes: Uint8Array) => void;
}

/** Signed symmetric integers: s = absmax / qmax, code = clamp(round(w / s), −qmax, qmax) + qmax, ties to even. */
function integers({ bits, floats }: Scheme): Rule {
  const qmax = largestCode(bits);
  const nearest = roundHalfEven;
  return {
    scale: (absmax) => roundStored(absmax / qmax, floats) || 1,
    encode(w, from, to, scale, codes) {
      for (let i = from; i < to; i++) {
        const q = nearest(Math.fround(w[i] / scale));
        codes[i] = (q > qmax ? qmax : q < -qmax ? -qmax : q) + qmax;
      }
    },
  };
}

/** QLoRA's NF4: s = absmax, the nearest of its sixteen levels (arXiv 2305.14314). */
const nf4 = ({ floats }: Scheme): Rule => ({
  scale: (absmax) => roundStored(absmax, floats) || 1,
  encode(w, from, to, scale, codes) {
    const m = NF4_MIDPOINTS;
    for (let i = from; i < to; i++) {
      const v = Math.fround(w[i] / scale);
      let code = v > m[7] ? 8 : 0;
      if (v > m[code + 3]) code += 4;
      if (v > m[code + 1]) code += 2;
      codes[i] = v > m[code] ? code + 1 : code;
    }
  },
});

/** s = e4m3(min(absmax / 6 / t, 448)), E2M1 codes of w / (s t) (DeepCompressor configs/svdquant/nvfp4.yaml). */
function nvfp4({ scaled }: Scheme): Rule {
  const t = scaled?.tensorScale ?? 1;
  const nearest = encodeE2m1;
  return {
    scale: (absmax) => storeE4m3(Math.min(Math.fround(Math.fround(absmax / E2M1_MAX) / t), E4M3_MAX)),
    encode(w, from, to, scale, codes) {
      const step = Math.fround(scale * t);
      for (let i = from; i < to; i++) codes[i] = nearest(Math.fround(w[i] / step), 'larger');
    },
  };
}

/** s = 2^(floor(log2 absmax) − 2), E2M1 codes (OCP MX v1.0). */
function mxfp4(): Rule {
  const nearest = encodeE2m1;
  return {
    scale: mxScale,
    encode(w, from, to, scale, codes) {
      for (let i = from; i < to; i++) codes[i] = nearest(w[i] / scale, 'larger');
    },
  };
}

const RULES: Partial<Record<ReportMethodId, (scheme: Scheme) => Rule>> = { rtn: integers, svdquant: integers, nf4, nvfp4, mxfp4 };

/** Rounds a block. @param w [rows, cols] */
export function roundGroups(scheme: Scheme, w: Float32Array): Encoded {
  const { cols, scaled } = scheme;
  const make = RULES[scheme.id];
  if (!make || !scaled) throw new Error(`${scheme.id} does not round groups.`);
  const rule = make(scheme);
  const { group } = scaled;
  const groups = Math.ceil(cols / group);
  const rows = w.length / cols;
  const codes = new Uint8Array(w.length);
  const scales = new Float32Array(rows * groups);
  for (let n = 0, at = 0; n < rows; n++) {
    for (let start = 0; start < cols; start += group, at++) {
      const from = n * cols + start;
      const to = n * cols + Math.min(cols, start + group);
      let most = 0;
      for (let i = from; i < to; i++) {
        const size = Math.abs(w[i]);
        if (size > most) most = size;
      }
      scales[at] = rule.scale(most);
      rule.encode(w, from, to, scales[at], codes);
    }
  }
  return { rows, codes, scales };
}

/** NVFP4's scale of the whole tensor: t = absmax / 6 / 448 in float32, 1 for a tensor of zeros. */
export const nvfp4TensorScale = (absmax: number): number => Math.fround(Math.fround(absmax / E2M1_MAX) / E4M3_MAX) || 1;
