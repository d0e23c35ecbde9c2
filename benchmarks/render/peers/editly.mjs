// Renders page.json with editly: node editly.mjs INSTALL FOLDER
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [install, folder] = process.argv.slice(2);
const { default: editly } = await import(pathToFileURL(join(install, "node_modules/editly/index.js")));
const page = JSON.parse(readFileSync(join(folder, "page.json"), "utf8"));
const file = (name) => join(folder, name);
const FAMILY = "Standard";

function label(fabric, text, settings) {
  return new fabric.Text(text, { fontFamily: FAMILY, originX: "center", originY: "center", ...settings });
}

function drawTitle(fabric, canvas) {
  const middle = { left: page.width / 2, top: page.height * 0.16 };
  const text = label(fabric, page.title, { fontSize: 72, fill: "#111111", ...middle });
  canvas.add(new fabric.Rect({
    width: text.width + 40, height: text.height + 20, rx: 12, fill: "white",
    originX: "center", originY: "center", ...middle,
  }));
  canvas.add(text);
}

function drawCaption(fabric, canvas, group, now) {
  const outline = { fontSize: 60, stroke: "black", strokeWidth: 10, strokeLineJoin: "round", paintFirst: "stroke" };
  const words = group.map((word) => {
    const active = word.start <= now && now < word.end;
    const scale = active ? 1 + 0.15 * Math.min(1, (now - word.start) / 0.1) : 1;
    const fill = active ? "#FFE135" : "white";
    return label(fabric, word.text.toUpperCase(), { ...outline, fill, scaleX: scale, scaleY: scale });
  });
  const gap = 18;
  const total = words.reduce((sum, word) => sum + word.width, gap * (words.length - 1));
  let x = (page.width - total) / 2;
  for (const word of words) {
    canvas.add(word.set({ left: x + word.width / 2, top: page.height * 0.62 }));
    x += word.width + gap;
  }
}

function texts(start, seconds) {
  return {
    type: "fabric",
    func: ({ fabric }) => {
      fabric.nodeCanvas.registerFont(file(page.font), { family: FAMILY });
      return {
        onRender: (progress, canvas) => {
          const now = start + progress * seconds;
          if (now < page.title_until) drawTitle(fabric, canvas);
          const group = page.captions.find((words) => words[0].start <= now && now < words.at(-1).end);
          if (group) drawCaption(fabric, canvas, group, now);
        },
      };
    },
  };
}

function clip(shot, index) {
  const after = page.shots[index + 1]?.transition;
  const moves = { swipe: "directional-left", fade: "fade" };
  return {
    duration: shot.seconds,
    transition: after && after !== "cut" ? { name: moves[after], duration: page.fade } : null,
    layers: [
      { type: "video", path: file(shot.file), cutFrom: 0, cutTo: shot.seconds, resizeMode: "cover" },
      texts(shot.start, shot.seconds),
    ],
  };
}

await editly({
  outPath: file("made.mp4"),
  width: page.width,
  height: page.height,
  fps: page.fps,
  audioFilePath: file(page.sound),
  customOutputArgs: [
    "-acodec", "aac", "-b:a", "160k", "-vf", "format=yuv420p", "-vcodec", "libx264", "-profile:v", "high",
    "-preset:v", page.preset, "-crf", String(page.crf), "-movflags", "faststart",
  ],
  clips: [
    ...page.shots.map(clip),
    {
      duration: page.seconds - page.closing_start,
      transition: null,
      layers: [{ type: "image", path: file(page.closing), zoomDirection: null, resizeMode: "cover" }],
    },
  ],
});
