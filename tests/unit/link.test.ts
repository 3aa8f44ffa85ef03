import { describe, expect, it } from 'vitest';

import { readLink, writeLink } from '../../src/app/link';
import * as squeezellm from '../../src/papers/squeezellm/params';
import * as svdquant from '../../src/papers/svdquant/params';
import * as svg from '../../src/papers/svg/params';
import * as svg2 from '../../src/papers/svg2/params';
import type { Schema } from '../../src/run/schema';

const LABS: Readonly<Record<string, { readonly schema: Schema; readonly fileInputs: readonly string[] }>> = { svdquant, squeezellm, svg, svg2 };
/** Every name that the page itself writes into a link. */
const OWN = ['v', 'view', 'lesson', 'present', 'embed', 'hide', 'kernel', 'sel', 'theme', 'engine'];

describe('links', () => {
  it.each(Object.entries(LABS))('%s: no parameter and no file takes a name of the page’s own', (_, { schema, fileInputs }) => {
    const names = [...Object.keys(schema), ...fileInputs, ...fileInputs.map((role) => `transpose-${role}`)];
    expect(names.filter((name) => OWN.includes(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('keeps the step of the lesson apart from a parameter of that name', () => {
    const context = { schema: svg2.schema, fileInputs: svg2.fileInputs, stage: 'probability' };
    const link = readLink(new URLSearchParams('v=1&step=3&view=lesson&lesson=5'), context);
    expect([link.params['step'], link.page.step]).toEqual([3, 4]);
    expect(writeLink(link, context).toString()).toBe('v=1&step=3&view=lesson&lesson=5');
  });

  it('still reads older links, in labs without such a parameter', () => {
    const context = { schema: svdquant.schema, fileInputs: svdquant.fileInputs, stage: 'w' };
    expect(readLink(new URLSearchParams('v=1&view=lesson&step=3'), context).page.step).toBe(2);
    expect(readLink(new URLSearchParams('v=1&view=lesson&step=nonsense'), context).page.step).toBe(0);
  });
});
