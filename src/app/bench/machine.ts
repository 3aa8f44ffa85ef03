/** What a page can know of the machine it runs on. */

interface Brands {
  readonly brands: readonly { readonly brand: string; readonly version: string }[];
  readonly platform: string;
}

/** Browsers add a brand that is none, so that nobody relies on the list's order. */
const isBrand = ({ brand }: { readonly brand: string }): boolean => !/not.{0,2}a.{0,2}brand/i.test(brand);

function brandsOf(): Brands | undefined {
  const { userAgentData } = navigator as Navigator & { readonly userAgentData?: Brands };
  return userAgentData;
}

/** 'Chromium 141', or all that the browser says of itself. */
export function browserName(): string {
  const named = brandsOf()?.brands.filter(isBrand).at(-1);
  return named ? `${named.brand} ${named.version}` : navigator.userAgent;
}

export const systemName = (): string => brandsOf()?.platform || navigator.platform || 'unknown';

/** A browser tells how many processors there are and not which. */
export const processorText = (): string => `${navigator.hardwareConcurrency} logical processors`;
