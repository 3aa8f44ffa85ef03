/** What is quantized: the matrices of a network, or one matrix, each with its sensitivities and calibration inputs. */

import { fisherDiagonal } from '../../../kernels/fisher_diagonal/fisher_diagonal';
import { withScope, type Engine } from '../../engine/engine';
import { InputError } from '../../inputs/error';
import { matrixKey } from '../../inputs/matrix';
import type { Memo } from '../../run/memo';
import type { Notice } from '../../run/run';
import type { Matrix } from '../contract';
import { evaluate, fisherDiagonals, selfLabelled, trainedNetwork, trainedSamples, type Network, type Samples } from './network';
import type { SqueezellmParams } from './params';
import { makeMatrixToy } from './toy';

export type Files = Readonly<Record<string, Matrix>>;

/** One weight matrix and what an error of each of its weights counts. */
export interface Part {
  /** Names the weights in memo keys; `sensitivityKey` the sensitivities, `inputs.key` the inputs. */
  readonly key: string;
  readonly sensitivityKey: string;
  readonly rows: number; // N
  readonly cols: number; // K
  /** [N,K] */
  readonly weights: Float32Array;
  /** [N,K], at least 0; all 1 where the sensitivity is uniform. */
  readonly sensitivity: Float32Array;
  readonly inputs?: Inputs;
}

/** What the layer sees: calibration of GPTQ and AWQ. */
export interface Inputs {
  readonly key: string;
  readonly tokens: number;
  /** X [T,K], computed when first asked for. */
  readonly x: () => Promise<Float32Array>;
}

/** A network whose loss is measured with its matrices replaced. */
export interface Judge {
  readonly key: string;
  readonly network: Network;
  readonly evaluation: Samples;
}

export interface Problem {
  readonly engine: Engine;
  readonly memo: Memo;
  /** Waits for waiting messages; throws when the run is stale. */
  readonly pause: () => Promise<void>;
  /** One for each matrix of the network; alone without one. */
  readonly parts: readonly Part[];
  /** Index of the matrix that is shown and whose errors are told. */
  readonly chosen: number;
  readonly judge?: Judge;
  /** 'Fisher', 'uniform', 'w²' or 'file', of the chosen matrix. */
  readonly sensitivityName: string;
  /** Where things come from, in words. */
  readonly sources: Readonly<Record<string, string>>;
  /** Whether a seed decided any of it. */
  readonly seeded: boolean;
  readonly notices: readonly Notice[];
}

type Frame = Pick<Problem, 'engine' | 'memo' | 'pause'>;

/** @throws InputError when the files do not fit each other or the network's layer */
export function makeProblem(frame: Frame, p: SqueezellmParams, files: Files): Promise<Problem> {
  return files.weights || p.source === 'matrix' ? oneMatrix(frame, p, files) : ofNetwork(frame, p, files);
}

type Half = 'calibration' | 'evaluation';

interface NamedNetwork {
  readonly key: string;
  readonly network: Network;
  readonly samples: (half: Half, count: number) => Samples;
  readonly label: string;
}

function networkOf(memo: Memo, p: SqueezellmParams): Promise<NamedNetwork> {
  return memo.get('network', [p.source, p.source === 'network' ? null : p.seed], () => {
    if (p.source === 'network') return { key: 'trained', network: trainedNetwork(), samples: trainedSamples, label: 'trained network' };
    const toy = selfLabelled(p.seed);
    return { key: `self-labelled ${p.seed}`, network: toy.network, samples: (part, count) => toy[part](count), label: `toy network, seed ${p.seed}` };
  });
}

const MOST_SAMPLES = 4000;

/** The first `count` samples. More are drawn at once, so that a moving slider seldom draws again. */
async function samplesOf(memo: Memo, { key, samples }: NamedNetwork, half: Half, count: number): Promise<Samples> {
  const drawn = Math.max(count, Math.min(MOST_SAMPLES, 2 ** Math.ceil(Math.log2(count))));
  const all = await memo.get(`${half} samples`, [key, drawn], () => samples(half, drawn));
  return { ...all, x: all.x.subarray(0, count * all.features), labels: all.labels.subarray(0, count), count };
}

async function ofNetwork(frame: Frame, p: SqueezellmParams, files: Files): Promise<Problem> {
  const { memo } = frame;
  const named = await networkOf(memo, p);
  const { key, network, label } = named;
  const chosen = Math.min(p.layer, network.layers.length) - 1;
  const notices: Notice[] = [];
  if (p.layer > network.layers.length) {
    notices.push({ level: 'information', happened: `This network has ${network.layers.length} layers, so layer ${network.layers.length} is shown.`, mend: `Choose a layer from 1 to ${network.layers.length}.` });
  }
  const calibration = await samplesOf(memo, named, 'calibration', p.calibration);
  const evaluation = await samplesOf(memo, named, 'evaluation', p.evaluation);
  const seen = (): Promise<readonly Float32Array[]> =>
    memo.get('calibration inputs', [key, p.calibration], () => withScope(frame.engine, async (scope) => (await evaluate(scope, network, calibration)).inputs));
  const fisher = p.importance === 'fisher'
    ? await memo.get('Fisher', [key, p.calibration], () => withScope(frame.engine, (scope) => fisherDiagonals(scope, network, calibration)))
    : undefined;
  const own = `${p.importance} ${p.calibration} ${p.floor}`;
  const parts = network.layers.map((layer, i): Part => {
    const { weights, out: rows, in: cols } = layer;
    const given = fitting(files.sensitivity, i === chosen, 'sensitivity', rows, cols);
    const x = i === chosen && files.activations ? activationsFor(files.activations, cols, `layer ${i + 1} of the ${label}`) : undefined;
    return {
      key: `${key} ${i}`, rows, cols, weights,
      ...sensitivityOf(weights, given, p, fisher?.[i], `${key} ${i} ${own}`),
      inputs: x ?? { x: async () => (await seen())[i], tokens: calibration.count, key: `${key} ${i} ${p.calibration}` },
    };
  });
  return {
    ...frame, parts, chosen, notices,
    judge: { key: `${key} ${p.evaluation}`, network, evaluation },
    sensitivityName: nameOf(p, files.sensitivity, Boolean(fisher)),
    sources: { weights: `${label}, layer ${chosen + 1}`, ...(files.activations ? {} : { activations: `${calibration.count} calibration samples` }), ...sourcesOf(files) },
    seeded: p.source !== 'network',
  };
}

async function oneMatrix(frame: Frame, p: SqueezellmParams, files: Files): Promise<Problem> {
  const { weights: file, activations, sensitivity } = files;
  const notices: Notice[] = [];
  const rows = file?.rows ?? sensitivity?.rows ?? p.out;
  const cols = file?.cols ?? sensitivity?.cols ?? activations?.cols ?? p.in;
  const name = file ? `the weights ${file.source}` : sensitivity ? `the sensitivities ${sensitivity.source}` : 'the matrix';
  const given = fitting(sensitivity, true, 'sensitivity', rows, cols);
  const fromFile = activations && activationsFor(activations, cols, name);
  const toy = file ? undefined : await frame.memo.get('toy matrix', [p.tokens, rows, cols, p.tails, p.planted, p.size, p.skew, p.seed], () =>
    makeMatrixToy({ tokens: p.tokens, inFeatures: cols, outFeatures: rows, tails: p.tails, planted: p.planted, size: p.size, skew: p.skew, seed: p.seed }));
  const weights = file?.data ?? toy!.w;
  const key = file?.key ?? matrixKey(rows, cols, weights);
  const inputs = fromFile ?? (toy && { x: () => Promise.resolve(toy.x), tokens: p.tokens, key: `toy ${p.tokens} ${key}` });
  const squares = p.importance === 'fisher' && !given && inputs
    ? await frame.memo.get('mean squares of X', [inputs.key, rows], async () => meanSquares(frame.engine, await inputs.x(), inputs.tokens, rows, cols))
    : undefined;
  if (file && p.importance === 'fisher' && !given && !squares) {
    notices.push({ level: 'degraded', happened: 'Without a network or activations there is no Fisher diagonal, so all weights count alike.', mend: 'Give activations or a file of sensitivities, or choose w².' });
  }
  if (file) {
    notices.push({
      level: 'information', happened: `A file of weights has no network, so there is no loss${inputs ? '' : '; without activations GPTQ and AWQ are left out'}.`,
      mend: inputs ? 'Choose the trained network to see loss and accuracy.' : 'Give activations [T, K] as a second file, or choose the trained network.',
    });
  }
  return {
    ...frame, chosen: 0, notices,
    parts: [{ key, rows, cols, weights, ...(inputs && { inputs }), ...sensitivityOf(weights, given, p, squares, `${key} ${inputs?.key} ${p.importance} ${p.floor}`) }],
    sensitivityName: nameOf(p, sensitivity, Boolean(squares)),
    sources: {
      weights: `toy matrix, seed ${p.seed}`, ...(toy && !activations ? { activations: `toy, seed ${p.seed}` } : {}), ...sourcesOf(files),
    },
    seeded: Boolean(toy),
  };
}

const sourcesOf = (files: Files): Record<string, string> => Object.fromEntries(Object.entries(files).map(([role, { source }]) => [role, source]));

function nameOf(p: SqueezellmParams, file: Matrix | undefined, fisher: boolean): string {
  if (file) return 'file';
  return p.importance === 'magnitude' ? 'w²' : p.importance === 'fisher' && fisher ? 'Fisher' : 'uniform';
}

/** Mean X² per input, for every row alike: the Fisher diagonal where the output's gradient has unit variance. */
function meanSquares(engine: Engine, x: Float32Array, tokens: number, rows: number, cols: number): Promise<Float32Array> {
  return withScope(engine, (scope) => {
    const delta = scope.upload(new Float32Array(tokens * rows).fill(1), [tokens, rows]);
    return scope.readF32(scope.run(fisherDiagonal, { delta, x: scope.upload(x, [tokens, cols]) }).f);
  });
}

/** A file that must have the shape of the weights. */
function fitting(file: Matrix | undefined, applies: boolean, role: string, rows: number, cols: number): Matrix | undefined {
  if (!file || !applies) return undefined;
  if (file.rows !== rows || file.cols !== cols) {
    throw new InputError(`The ${role} ${file.source} is ${file.rows} × ${file.cols}, but the weights are ${rows} × ${cols}.`, 'Choose a matrix of the same shape, or transpose one of them.');
  }
  if (file.data.some((v) => v < 0)) throw new InputError(`The ${role} ${file.source} has negative numbers, and squared gradients have none.`, 'Choose squared gradients, or another measure that is at least 0.');
  return file;
}

function activationsFor(file: Matrix, cols: number, whose: string): Inputs {
  if (file.cols !== cols) {
    const turned = file.rows === cols ? ' Transposing the activations would fit.' : '';
    throw new InputError(`The activations ${file.source} have ${file.cols} channels, but ${whose} takes ${cols}.`, `Choose activations [T, ${cols}].${turned}`);
  }
  return { x: () => Promise.resolve(file.data), tokens: file.rows, key: file.key };
}

function sensitivityOf(weights: Float32Array, file: Matrix | undefined, p: SqueezellmParams, fisher: Float32Array | undefined, key: string): Pick<Part, 'sensitivity' | 'sensitivityKey'> {
  if (file) return { sensitivity: file.data, sensitivityKey: file.key };
  if (p.importance === 'magnitude') return { sensitivity: weights.map((w) => w * w), sensitivityKey: `${key} w2` };
  if (!fisher) return { sensitivity: new Float32Array(weights.length).fill(1), sensitivityKey: 'ones' };
  if (p.floor === 0) return { sensitivity: fisher, sensitivityKey: key };
  const mean = fisher.reduce((sum, f) => sum + f, 0) / fisher.length;
  return { sensitivity: fisher.map((f) => f + p.floor * mean), sensitivityKey: key };
}
