declare const to: unique symbol;

/** A pointer into the memory of an instance, by the class of what stands there and those that it extends. */
export type Pointer<Class extends string> = number & { readonly [to]: Record<Class, true> };

export type Float64Pointer = Pointer<"Float64Array">;
export type Int32Pointer = Pointer<"Int32Array">;
