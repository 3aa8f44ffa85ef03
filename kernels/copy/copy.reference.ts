/** y = x. x: [N]. */
export const copyReference = ({ x }: { x: Float32Array }): { y: Float32Array } => ({ y: x.slice() });
