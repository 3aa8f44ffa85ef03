/** Less than a vec4, whole ones, and a remainder; the last takes many workgroups. */
export const copyCases = [
  { name: '0', dims: { N: 0 } },
  { name: '1', dims: { N: 1 } },
  { name: '256', dims: { N: 256 } },
  { name: '1021', dims: { N: 1021 } },
  { name: '65537', dims: { N: 65537 } },
] as const;
