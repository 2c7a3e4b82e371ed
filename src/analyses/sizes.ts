/** Memory in MB and time in seconds of a function, by the size class of its analysis; 1,769 MB are one processor. */
export const sizes = {
  light: { memorySize: 1024, timeout: 300 },
  standard: { memorySize: 1769, timeout: 900 },
  heavy: { memorySize: 3538, timeout: 900 },
} as const;
