/** Hands a file to the browser's own download. */
export function download(name: string, content: string | Uint8Array | Blob, type = 'application/octet-stream'): void {
  const blob = content instanceof Blob ? content : new Blob([typeof content === 'string' ? content : new Uint8Array(content)], { type });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The click has only begun the download: the address must outlive this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
