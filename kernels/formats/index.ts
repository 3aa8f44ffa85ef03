export * from './bits';
export * from './e2m1';
export * from './e4m3';
export * from './e8m0';
export * from './nf4';
export type { Tie } from './tie';
