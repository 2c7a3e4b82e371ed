/** Plugins of esbuild: a bundle holds the kernel modules that its code calls, the SQL that it sends, and nothing that is not for functions. */
const { readdir, readFile } = require("node:fs/promises");
const path = require("node:path");

const root = path.join(__dirname, "..");
const namespace = "driveshaft-kernel";

/** Which build of a module a call asks for. */
const builds = { withKernel: "fast", withThreads: "threads" };

const embedKernels = {
  name: namespace,
  setup(build) {
    // each call gets the name of its family from a module that brings the kernel; a call that nobody makes goes, and it too
    build.onLoad({ filter: /[\\/]dist[\\/](geometry|statistics|weights)[\\/][\w-]+\.js$/ }, async ({ path: file }) => {
      const imports = new Set();
      const text = await readFile(file, "utf8");
      const contents = text.replace(/(withKernel|withThreads)\("(\w+)"/g, (_, call, family) => {
        const kernel = `${builds[call]}_${family}`;
        imports.add(`import { family as ${kernel} } from "${namespace}:${builds[call]}/${family}";`);
        return `${call}(${kernel}()`;
      });
      return { contents: [...imports].join("") + contents };
    });
    build.onLoad({ filter: /[\\/]dist[\\/]postgres[\\/]function-text\.js$/ }, async () => {
      const place = await readFile(path.join(root, "dist/postgres/place.js"), "utf8");
      const texts = {};
      for (const file of await readdir(path.join(root, "sql/functions"))) {
        const name = path.basename(file, ".sql");
        if (place.includes(`"${name}"`)) texts[name] = await readFile(path.join(root, "sql/functions", file), "utf8");
      }
      const contents = `const texts = ${JSON.stringify(texts)}; export const functionText = async (name) => texts[name];`;
      return { contents };
    });
    build.onResolve({ filter: new RegExp(`^${namespace}:`) }, ({ path: name }) => ({
      path: name.slice(namespace.length + 1),
      namespace,
      sideEffects: false,
    }));
    build.onLoad({ filter: /.*/, namespace }, ({ path: kernel }) => {
      const [target, family] = kernel.split("/");
      return {
        contents: `import bytes from "./build/${kernel}.wasm";
          import { embed } from "./dist/kernels/read.js";
          export function family() {
            embed("${family}", "${target}", bytes);
            return "${family}";
          }`,
        resolveDir: root,
      };
    });
  },
};

/** A function has its credentials in its environment: what looks for them elsewhere would double its bundle. */
const withoutIdentity = {
  name: "driveshaft-identity",
  setup(build) {
    build.onResolve({ filter: /^\.\/identity\.js$/ }, ({ path: name }) => ({ path: name, external: true }));
  },
};

module.exports = [embedKernels, withoutIdentity];
