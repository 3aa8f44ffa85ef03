import type { PaperSeed } from './paper';

export const seed: PaperSeed = {
  id: 'routerbench',
  name: 'RouterBench',
  idea: 'Route and reason',
  order: 12,
  sentence: 'The convex hull of cost and quality is the line to beat.',
  picture: '11 models, cost against quality',
  citation: {
    authors: '',
    title: 'RouterBench',
    venue: '',
    links: [{ label: 'arXiv 2403.12031', href: 'https://arxiv.org/abs/2403.12031' }, { label: 'routerbench', href: 'https://github.com/withmartian/routerbench' }],
  },
  figures: [],
  presets: [],
};
