import type { PaperSeed } from './paper';

export const seed: PaperSeed = {
  id: 'apr',
  name: 'APR',
  idea: 'Route and reason',
  order: 13,
  sentence: 'Search in parallel threads that the model spawns itself.',
  picture: 'serial and spawned segments',
  citation: {
    authors: '',
    title: 'APR',
    venue: '',
    links: [{ label: 'arXiv 2504.15466', href: 'https://arxiv.org/abs/2504.15466' }, { label: 'APR', href: 'https://github.com/Parallel-Reasoning/APR' }],
  },
  figures: [],
  presets: [],
};
