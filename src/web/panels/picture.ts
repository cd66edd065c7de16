import { colour } from '../colours.js';
import type { MjdSpan } from '../data/api.js';
import { byId } from '../element.js';
import { utc } from '../format.js';

const CAPTION_PX = 46;
const LINE_PX = 18;

/** The range, what the colours mean, and when the picture was made. */
function captionOf({ start, end }: MjdSpan): [string, string] {
  const legend = [...byId('legend').querySelectorAll('li')].map(({ textContent }) => textContent?.trim());
  return [
    `${byId('telescope').textContent}, ${utc(start)} to ${utc(end)} UTC; ${byId('selection').textContent}. ICRS, equal area, right ascension grows to the left. Made ${new Date().toISOString().slice(0, 19)}Z.`,
    legend.filter(Boolean).join(' · '),
  ];
}

/** The map as it is on the screen, with its caption below. */
function captioned(span: MjdSpan): HTMLCanvasElement {
  const map = byId<HTMLCanvasElement>('map');
  const ratio = map.width / map.clientWidth;
  const canvas = document.createElement('canvas');
  canvas.width = map.width;
  canvas.height = map.height + CAPTION_PX * ratio;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.fillStyle = colour('card');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(map, 0, 0);
  context.font = `${12 * ratio}px ${colour('font')}`;
  context.textBaseline = 'top';
  context.fillStyle = colour('text');
  for (const [i, line] of captionOf(span).entries())
    context.fillText(line, 10 * ratio, map.height + (6 + i * LINE_PX) * ratio, canvas.width - 20 * ratio);
  return canvas;
}

export async function savePng(span: MjdSpan, name: string): Promise<void> {
  const blob = await new Promise<Blob | null>((resolve) => captioned(span).toBlob(resolve));
  if (blob) save(blob, name);
}

/** The map is drawn by pixels; its caption stays text that can be searched and edited. */
export async function saveSvg(span: MjdSpan, name: string): Promise<void> {
  const map = byId<HTMLCanvasElement>('map');
  const [width, height] = [map.clientWidth, map.clientHeight];
  const escaped = (text: string) => text.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const lines = captionOf(span).map(
    (line, i) =>
      `<text x="10" y="${height + 18 + i * LINE_PX}" fill="${colour('text')}">${escaped(line)}</text>`,
  );
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + CAPTION_PX}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="${colour('card')}"/>
<image width="${width}" height="${height}" href="${map.toDataURL()}"/>
${lines.join('\n')}
</svg>
`;
  save(new Blob([text], { type: 'image/svg+xml' }), name);
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
