/** What a command writes, kept from the terminal that runs the tests. */

import { afterEach, beforeEach, vi } from 'vitest';

/** Standard output and standard error of the test under way; both may be emptied in between. */
export function written(): { out: string; err: string } {
  const text = { out: '', err: '' };
  beforeEach(() => {
    Object.assign(text, { out: '', err: '' });
    vi.spyOn(process.stdout, 'write').mockImplementation((part) => { text.out += String(part); return true; });
    vi.spyOn(process.stderr, 'write').mockImplementation((part) => { text.err += String(part); return true; });
  });
  afterEach(() => { vi.restoreAllMocks(); });
  return text;
}
