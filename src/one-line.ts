/**
 * Characters that are kept of the beginning of a text, and of its end: enough for a list of columns, too few to fill a
 * log.
 */
const KEPT = [1_800, 200] as const;

/**
 * A text of others, such as a name or the server's message, made fit for rows and logs: one line, so that it cannot
 * forge another; no control characters, which a terminal would obey and of which PostgreSQL stores no NUL; of bounded
 * length.
 */
export function oneLine(text: string): string {
  const [first, last] = KEPT;
  const bounded = text.length > first + last ? `${text.slice(0, first)} ... ${text.slice(-last)}` : text;
  return (
    bounded
      .replace(/[\t-\r\x85\u2028\u2029]+/g, " ")
      // controls, halves of characters, and marks that turn the direction of what follows
      .replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, escaped)
  );
}

/** The same text in ASCII, for a database that cannot hold all of it. */
export const asciiOnly = (text: string): string => text.replace(/[^\x20-\x7e]/g, escaped);

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
