/** Remembers the environment. @returns puts it back: in place, as what is under Node.js reads it too */
export function keepEnvironment(): () => void {
  const saved = { ...process.env };
  return () => {
    for (const name of Object.keys(process.env)) if (!(name in saved)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, saved);
  };
}
