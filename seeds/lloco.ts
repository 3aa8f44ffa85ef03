import type { PaperSeed } from './paper';

export const seed: PaperSeed = {
  id: 'lloco',
  name: 'LLoCO',
  idea: 'Train and adapt',
  order: 7,
  sentence: 'Compress a long context once, then read the summary.',
  picture: '64 tokens into 4',
  citation: {
    authors: '',
    title: 'LLoCO',
    venue: '',
    links: [{ label: 'arXiv 2404.07979', href: 'https://arxiv.org/abs/2404.07979' }, { label: 'lloco', href: 'https://github.com/jeffreysijuntan/lloco' }],
  },
  figures: [],
  presets: [],
};
