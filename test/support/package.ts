import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";

/** What `serverless package` makes: the CloudFormation and the unpacked bundles. */
export interface Bundles {
  template: Template;
  /** Bytes of the zip of a function. */
  zipped: Record<string, number>;
  /** The module of a function, and the files of its zip. */
  module(name: string): string;
  files(name: string): string[];
}

export interface Template {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  Outputs: Record<string, unknown>;
}

/** Packages all functions into a folder of their own, which the caller removes. */
export async function packageFunctions(): Promise<{ folder: string; bundles: Bundles }> {
  const folder = await mkdtemp(path.join(tmpdir(), "driveshaft-bundles-"));
  await chmod(folder, 0o755);
  const out = path.join(folder, "package");
  const project = await projectIn(path.join(folder, "project"));
  await promisify(execFile)(
    process.execPath,
    ["node_modules/serverless/bin/serverless.js", "package", "--package", out],
    { cwd: project, env: { ...process.env, NODE_OPTIONS: "" } },
  );
  const template = JSON.parse(
    await readFile(path.join(out, "cloudformation-template-update-stack.json"), "utf8"),
  ) as Template;
  const zipped: Record<string, number> = {};
  const contents: Record<string, string[]> = {};
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type !== "AWS::Lambda::Function") continue;
    const name = (Properties.Handler as string).replace(/^handlers\//, "").replace(/\.handler$/, "");
    const zip = await readFile(path.join(out, `${name}.zip`));
    zipped[name] = zip.length;
    const files = unzipSync(zip);
    contents[name] = Object.keys(files);
    for (const [file, bytes] of Object.entries(files)) {
      const place = path.join(folder, name, file);
      await mkdir(path.dirname(place), { recursive: true });
      await writeFile(place, bytes);
    }
  }
  return {
    folder,
    bundles: {
      template,
      zipped,
      module: (name) => path.join(folder, name, "handlers", `${name}.cjs`),
      files: (name) => contents[name]!,
    },
  };
}

/** The project in another folder: what packaging leaves beside its files would be in the way of another run's. */
async function projectIn(folder: string): Promise<string> {
  // Serverless refuses what is outside of the folder, also by a link
  for (const own of ["package.json", "serverless.yml", "scripts", "handlers"])
    await cp(own, path.join(folder, own), { recursive: true });
  for (const other of ["test", "dist", "build", "sql", "node_modules"])
    await symlink(path.resolve(other), path.join(folder, other));
  return folder;
}
