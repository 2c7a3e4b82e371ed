/** What TypeScript knows of a module: the functions that it exports, and handles by which its bytes are found. */

/** A pass of the compiler that keeps its program, whose functions have their types once it is done. */
export class KeepProgram {
  afterInitialize(program) {
    this.program = program;
  }
}

/** A pointer has the class that it points to, and those of ours that this extends: nothing else passes for it. */
function pointer(type) {
  const pointed = type.getClass();
  const names = [`"${pointed.name}"`];
  for (let base = pointed.base; base && !base.internalName.startsWith("~lib/"); base = base.base) {
    names.push(`"${base.name}"`);
  }
  return `Pointer<${names.join(" | ")}>${type.isNullableReference ? " | 0" : ""}`;
}

function typeOf(type) {
  if (type.getClass()) return pointer(type);
  if (type.isLongIntegerValue) throw new Error(`a module exports a function of ${type}, which no number holds`);
  return type.isBooleanValue ? "boolean" : type.isNumericValue ? "number" : "void";
}

/** Exports of a file with those that it passes on, by name. */
function exportsOf(file) {
  return [...(file.exports ?? []), ...(file.exportsStar ?? []).flatMap(exportsOf)];
}

/**
 * The text of src/kernels/generated/<family>.ts.
 * @param program of the compiler, which has compiled it
 * @param threaded whether the family has a build for threads
 */
export function handle(program, family, threaded) {
  const functions = [];
  for (const [name, element] of exportsOf(program.filesByName.get(`assembly/${family}`))) {
    const made = element.instances?.get("");
    if (!made?.signature) continue;
    const { parameterTypes, returnType } = made.signature;
    const parameters = parameterTypes.map((type, i) => `${made.getParameterName(i)}: ${typeOf(type)}`);
    // a truth value comes back as 0 or 1
    const result = returnType.isBooleanValue ? "number" : typeOf(returnType);
    functions.push(`  ${name}(${parameters.join(", ")}): ${result};`);
  }
  const type = `${family[0].toUpperCase()}${family.slice(1)}Exports`;
  return `/** The module of assembly/${family}.ts, written by scripts/build-kernels.mjs. */
import { kernelModule${threaded ? ", threadedModule" : ""} } from "../module.js";
import type { Pointer } from "../pointer.js";

export interface ${type} {
${functions.join("\n")}
}

export const ${family}Kernel = kernelModule<${type}>("${family}");
${threaded ? `export const ${family}Threads = threadedModule<${type}>("${family}");\n` : ""}`;
}
