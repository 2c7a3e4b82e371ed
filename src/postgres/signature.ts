/** What COPY BINARY begins with, before its flags and the length of an extension. */
export const SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0", "latin1");
