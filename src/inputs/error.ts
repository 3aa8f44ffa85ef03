/** An input that cannot be used: `what` names the thing and says what is wrong with it, `mend` says what would do. */
export class InputError extends Error {
  override readonly name = 'InputError';
  constructor(
    readonly what: string,
    readonly mend: string,
    options?: ErrorOptions,
  ) {
    super(`${what} ${mend}`, options);
  }
}

/** A tensor with numbers that are none: the other tensors of its file can still be read. */
export class NumbersError extends InputError {}
