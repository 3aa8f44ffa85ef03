/** What the usual names of tensors tell: how deep a layer lies, and what it does. */

export type TensorKind = 'attention q' | 'attention k' | 'attention v' | 'attention qkv' | 'attention output' | 'mlp gate' | 'mlp up' | 'mlp down' | 'mlp' | 'embedding' | 'output' | 'recurrent' | 'convolution' | 'normalisation' | 'other';

/** A numbered part: model.layers.12.mlp, blk.3.ffn_up, transformer.h.7.attn, encoder.layer.4, down_blocks.2, conv4. */
const NUMBERED = [
  /(?:^|[._/])(?:layers?|blocks?|blk|h|stages?|resblocks|transformer_blocks|single_transformer_blocks|double_blocks|single_blocks)[._/](\d+)(?=[._/]|$)/i,
  /(?:^|[._/])\w*(?:layers?|blocks?)[._/](\d+)(?=[._/]|$)/i,
  /[._/](\d+)(?=[._/])/,
  /^[a-z_]*[a-z](\d+)(?=[._/]|$)/i,
];

/** The number of the layer that a tensor belongs to; undefined where its name tells none. */
export function depthOf(name: string): number | undefined {
  for (const pattern of NUMBERED) {
    const found = pattern.exec(name)?.[1];
    if (found !== undefined) return Number(found);
  }
  return undefined;
}

const KINDS: readonly (readonly [RegExp, TensorKind])[] = [
  [/norm|(?:^|[._])ln(?:_\w+|\d)?[._]|bias/i, 'normalisation'],
  [/(?:^|[._])(?:c_attn|in_proj|qkv(?:_proj|_proj_combined)?|query_key_value|Wqkv|attn_qkv|to_qkv)/i, 'attention qkv'],
  [/(?:^|[._])(?:q_proj|q_lin|query|wq|attn_q|to_q|q)(?=[._]|$)/i, 'attention q'],
  [/(?:^|[._])(?:k_proj|k_lin|key|wk|attn_k|to_k|k)(?=[._]|$)/i, 'attention k'],
  [/(?:^|[._])(?:v_proj|v_lin|value|wv|attn_v|to_v|v)(?=[._]|$)/i, 'attention v'],
  [/(?:^|[._])(?:o_proj|out_proj|out_lin|wo|attn_output|to_out|attn[._]c_proj|attention[._](?:output[._])?dense)(?=[._]|$)/i, 'attention output'],
  [/(?:^|[._])(?:gate_proj|ffn_gate(?:_exps)?|w1|gate)(?=[._]|$)/i, 'mlp gate'],
  [/(?:^|[._])(?:up_proj|ffn_up(?:_exps)?|w3|fc1|c_fc|dense_h_to_4h|intermediate[._]dense)(?=[._]|$)/i, 'mlp up'],
  [/(?:^|[._])(?:down_proj|ffn_down(?:_exps)?|w2|fc2|mlp[._]c_proj|dense_4h_to_h|output[._]dense)(?=[._]|$)/i, 'mlp down'],
  [/lm_head|(?:^|[._])(?:output|head|classifier)[._]weight$/i, 'output'],
  [/emb(?:ed|d)|(?:^|[._])(?:wte|wpe)(?=[._]|$)/i, 'embedding'],
  [/lstm|gru|rnn|weight_[ih]h/i, 'recurrent'],
  [/conv/i, 'convolution'],
  [/mlp|ffn|feed_forward|(?:^|[._])ff(?=[._])/i, 'mlp'],
];

export const kindOf = (name: string): TensorKind => KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
