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
