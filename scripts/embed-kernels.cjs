/** Plugins of esbuild: a bundle holds the modules that its code imports, the SQL that it sends, and nothing else. */
const { existsSync } = require("node:fs");
const { readdir, readFile } = require("node:fs/promises");
const path = require("node:path");

const root = path.join(__dirname, "..");

const embedKernels = {
  name: "driveshaft-kernels",
  setup(build) {
    // handles of the same names, whose bytes are in the bundle; what nobody imports goes, and its bytes too
    build.onLoad({ filter: /[\\/]dist[\\/]kernels[\\/]generated[\\/]\w+\.js$/ }, async ({ path: file }) => {
      const family = path.basename(file, ".js");
      const handles = { fast: `${family}Kernel`, threads: `${family}Threads` };
      const lines = Object.entries(handles).map(([target, name]) => {
        const bytes = path.join(root, "build", target, `${family}.wasm`);
        return existsSync(bytes)
          ? `import ${target} from ${JSON.stringify(bytes)};
             export const ${name} = { name: "${family}", ${target}: () => ${target} };`
          : "";
      });
      return { contents: lines.join("\n"), resolveDir: root };
    });
    // loaded when it is called, as that takes as long as half of all else
    build.onLoad({ filter: /[\\/]dist[\\/]cells[\\/]library\.js$/ }, () => ({
      contents: `export const h3 = () => require("h3-js");`,
      resolveDir: root,
    }));
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
