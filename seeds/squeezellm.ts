import type { PaperSeed } from './paper';

export const seed: PaperSeed = {
  id: 'squeezellm',
  name: 'SqueezeLLM',
  idea: 'Quantize',
  order: 2,
  core: true,
  sentence: 'Non-uniform levels where the loss is sensitive, outliers kept sparse.',
  picture: 'weights, 8 centroids, outliers in colour',
  citation: {
    authors: '',
    title: 'SqueezeLLM',
    venue: '',
    links: [{ label: 'SqueezeLLM', href: 'https://github.com/SqueezeAILab/SqueezeLLM' }],
  },
  figures: [],
  presets: [],
};
