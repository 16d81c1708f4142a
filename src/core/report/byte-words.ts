const UNITS = ['kB', 'MB', 'GB', 'TB', 'PB'];

/** `512 bytes`, `3.4 GB`: in steps of a thousand, as disks are sold and S3 is paid. */
export function byteWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  let value = bytes;
  let unit = '';
  for (const next of UNITS) {
    if (value < 999.5 && unit !== '') break;
    value /= 1000;
    unit = next;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
