import type { PaperSeed } from './paper';

const ABSTRACT = 'abstract, arXiv v2';
const README = 'README of the code, minutes end to end, commented out there';
const SCRIPTS = 'scripts of the code';

export const seed: PaperSeed = {
  id: 'svg',
  name: 'Sparse VideoGen',
  idea: 'Attend to less',
  order: 4,
  core: true,
  sentence: 'Each head attends in space or in time; find out which.',
  picture: 'a spatial head, a temporal head, the same laid out',
  citation: {
    authors: 'Xi, Yang, Zhao, et al.',
    title: 'Sparse VideoGen: Accelerating Video Diffusion Transformers with Spatial-Temporal Sparsity',
    venue: 'ICML 2025',
    links: [
      { label: 'arXiv 2502.01776', href: 'https://arxiv.org/abs/2502.01776' },
      { label: 'Sparse-VideoGen', href: 'https://github.com/svg-project/Sparse-VideoGen' },
    ],
  },
  figures: [
    { label: 'CogVideoX-v1.5, end to end', value: 'up to 2.28× faster', where: ABSTRACT },
    { label: 'HunyuanVideo, end to end', value: 'up to 2.33× faster', where: ABSTRACT },
    { label: 'Wan 2.1, end to end', value: 'up to 1.51× faster', where: ABSTRACT },
    { label: 'HunyuanVideo 720p, H100', value: '29:57 → 15:38, 1.91×', where: README },
    { label: 'Wan 2.1 text to video 720p, H100', value: '31:35 → 20:51, 1.51×', where: README },
    { label: 'Wan 2.1 text to video 480p, H100', value: '8:05 → 6:11, 1.32×', where: README },
    { label: 'Wan 2.1 text to video 720p, A100', value: '57:57 → 42:59, 1.35×', where: README },
    { label: 'Kept fraction, Wan and HunyuanVideo 720p', value: '0.30, 0.25', where: SCRIPTS },
    { label: 'Dense steps, Wan and HunyuanVideo 720p', value: 'first 20 %, first 10 %', where: SCRIPTS },
    { label: 'Sampled rows, of some 75,600 and 119,000', value: '64', where: SCRIPTS },
  ],
  presets: [
    { id: 'default', label: 'Each kind', note: 'One head of each kind. Laid out, the temporal one touches 36 % of the tiles instead of all.', params: {} },
    { id: 'ten', label: '10 % kept', note: 'A tenth asked, 16 % kept with the sink: the error of the layer rises from 50 % to 82 %.', params: { kept: 0.1 } },
    { id: 'motion', label: 'Motion', note: 'What a place shows moves over half a place per frame and leaves the band: both masks fail the temporal head alike, and its verdict is a coin toss.', params: { speed: 0.55 } },
    { id: 'one', label: 'One row', note: 'A single row judges mixed heads: head 2 gets the wrong mask, and one mask for all would lose less.', params: { rows: 1, mix: 'mixed', seed: 28 } },
    { id: 'sink', label: 'Frame 0 sink', note: 'With all of frame 0 as its sink the temporal head keeps 16 % of the pairs and can skip no tile: the layout scatters that frame over all of them.', params: { sink: 'frame', kept: 0.1 } },
    { id: 'early', label: 'First step', note: 'The first of ten steps, not kept dense: attention is diffuse, ten rows misjudge head 2, and it loses over twice as much as at the last step.', params: { denoise: 1, denseSteps: 0 } },
    { id: 'code', label: 'As in code', note: 'Band rounded up to 128 tokens, blocks of 128 for judging, 64 rows of the first frames: made for 75,600 tokens, it keeps 48 % of these where 25 % was asked.', params: { grain: '128', profiling: 'code', rowsFrom: 'first', rows: 64 } },
    { id: 'text', label: 'Text first', note: 'CogVideoX: every query keeps the text and the text keeps all; what that takes comes off the band.', params: { variant: 'cog' } },
    { id: 'clip', label: 'Clip', note: 'Patches of a drawn clip through fixed random projections, no trained model: ten rows still tell the spatial head from the temporal one.', params: { source: 'clip' } },
    { id: 'layer', label: 'Layer', note: 'A layer of twelve: ten rows find four temporal heads among them.', params: { mix: 'layer' } },
  ],
};
