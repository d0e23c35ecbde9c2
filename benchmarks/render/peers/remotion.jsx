// The composition that remotion.mjs bundles; its props are page.json.
import {
  AbsoluteFill, Audio, Composition, Img, OffthreadVideo, Sequence, continueRender, delayRender, interpolate,
  registerRoot, staticFile, useCurrentFrame, useVideoConfig,
} from "remotion";

const whole = { width: "100%", height: "100%", objectFit: "cover" };

function Shot({ shot, page }) {
  const frame = useCurrentFrame();
  const { fps } = useVideoConfig();
  const until = [0, page.fade * fps];
  const shown = shot.transition === "cut" ? 1 : interpolate(frame, until, [0, 1], { extrapolateRight: "clamp" });
  const style = {
    swipe: { transform: `translateX(${100 * (1 - shown)}%)` },
    fade: { opacity: shown },
    cut: {},
  }[shot.transition];
  return (
    <AbsoluteFill style={style}>
      <OffthreadVideo src={staticFile(shot.file)} style={whole} muted />
    </AbsoluteFill>
  );
}

function Caption({ page, now }) {
  const group = page.captions.find((words) => words[0].start <= now && now < words.at(-1).end);
  if (!group) return null;
  return (
    <div style={{ position: "absolute", top: "62%", width: "100%", textAlign: "center", fontSize: 60 }}>
      {group.map((word) => {
        const active = word.start <= now && now < word.end;
        const scale = active ? 1 + 0.15 * Math.min(1, (now - word.start) / 0.1) : 1;
        const style = {
          display: "inline-block",
          margin: "0 9px",
          color: active ? "#FFE135" : "white",
          transform: `scale(${scale})`,
          WebkitTextStroke: "10px black",
          paintOrder: "stroke fill",
        };
        return <span key={word.start} style={style}>{word.text.toUpperCase()}</span>;
      })}
    </div>
  );
}

function Title({ text }) {
  const box = { backgroundColor: "white", color: "#111111", fontSize: 72, padding: "10px 20px", borderRadius: 12 };
  return (
    <div style={{ position: "absolute", top: "14%", width: "100%", textAlign: "center" }}>
      <span style={box}>{text}</span>
    </div>
  );
}

function Standard(page) {
  const { fps } = useVideoConfig();
  const now = useCurrentFrame() / fps;
  const frames = (seconds) => Math.round(seconds * fps);
  return (
    <AbsoluteFill style={{ backgroundColor: "black", fontFamily: "Standard" }}>
      {page.shots.map((shot) => (
        <Sequence key={shot.file} from={frames(shot.start)} durationInFrames={frames(shot.seconds)}>
          <Shot shot={shot} page={page} />
        </Sequence>
      ))}
      <Sequence from={frames(page.closing_start)}>
        <Img src={staticFile(page.closing)} style={whole} />
      </Sequence>
      {now < page.title_until && <Title text={page.title} />}
      <Caption page={page} now={now} />
      <Audio src={staticFile(page.sound)} />
    </AbsoluteFill>
  );
}

function Root() {
  const described = ({ props }) => ({
    width: props.width,
    height: props.height,
    fps: props.fps,
    durationInFrames: Math.round(props.seconds * props.fps),
  });
  return (
    <Composition id="standard" component={Standard} calculateMetadata={described}
      width={1080} height={1920} fps={30} durationInFrames={1} />
  );
}

const waiting = delayRender("font");
new FontFace("Standard", `url(${staticFile("font.ttf")})`).load().then((font) => {
  document.fonts.add(font);
  continueRender(waiting);
});
registerRoot(Root);
