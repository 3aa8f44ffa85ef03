/** No step, few steps, and a remainder past the last vec4. */
export const fmaCases = [
  { name: '0x3', dims: { N: 0, S: 3 } },
  { name: '4x0', dims: { N: 4, S: 0 } },
  { name: '7x1', dims: { N: 7, S: 1 } },
  { name: '1021x9', dims: { N: 1021, S: 9 } },
] as const;
