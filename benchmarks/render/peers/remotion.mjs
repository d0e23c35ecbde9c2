// Bundles or renders page.json with Remotion: node remotion.mjs INSTALL FOLDER bundle|render
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [install, folder, step] = process.argv.slice(2);
const require = createRequire(join(install, "package.json"));
const page = JSON.parse(readFileSync(join(folder, "page.json"), "utf8"));
const bundled = join(folder, "bundle");

async function bundle() {
  const modules = join(install, "node_modules");
  await require("@remotion/bundler").bundle({
    entryPoint: fileURLToPath(new URL("remotion.jsx", import.meta.url)),
    rootDir: install,
    outDir: bundled,
    publicDir: join(folder, "public"),
    enableCaching: false,
    webpackOverride: (config) => ({
      ...config,
      resolve: { ...config.resolve, modules: [modules] },
    }),
  });
}

async function render() {
  const { renderMedia, selectComposition } = require("@remotion/renderer");
  const browser = {
    browserExecutable: page.browser,
    chromeMode: "headless-shell",
    chromiumOptions: { gl: "swangle" },
  };
  const asked = { serveUrl: bundled, inputProps: page, ...browser };
  const composition = await selectComposition({ ...asked, id: "standard" });
  await renderMedia({
    ...asked,
    composition,
    codec: "h264",
    crf: page.crf,
    x264Preset: page.preset,
    audioBitrate: "160k",
    concurrency: 2,
    outputLocation: join(folder, "made.mp4"),
  });
}

await (step === "bundle" ? bundle() : render());
