import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anchorsBeside, type Box, placed } from '#web/map/placement.js';
import { random } from '../helpers/random.js';

const VIEW: Box = { left: 0, right: 900, top: 12, bottom: 440 };
const LINE_PX = 14;
const MARK_PX = 4;

/** Marks at random places, some of them beyond the edges, each with a name as long as a calibrator's; the most important first. */
function crowd(count: number, seed: number) {
  const next = random(seed);
  const marks = Array.from({ length: count }, () => ({ x: next() * 920 - 10, y: next() * 460 - 10 }));
  return {
    keptFree: marks.map(
      ({ x, y }): Box => ({ left: x - MARK_PX, right: x + MARK_PX, top: y - MARK_PX, bottom: y + MARK_PX }),
    ),
    texts: marks.map((mark) => ({
      widthPx: 30 + next() * 40,
      anchors: anchorsBeside(mark, MARK_PX + 4, LINE_PX),
    })),
  };
}

const covers = (a: Box, b: Box) =>
  Math.min(a.right, b.right) > Math.max(a.left, b.left) &&
  Math.min(a.bottom, b.bottom) > Math.max(a.top, b.top);
const contains = (outer: Box, inner: Box) =>
  outer.left <= inner.left &&
  outer.right >= inner.right &&
  outer.top <= inner.top &&
  outer.bottom >= inner.bottom;
const boxesOf = (texts: readonly { readonly box: Box }[]) => texts.map(({ box }) => box);

for (const count of [20, 80, 300]) {
  test(`among ${count} marks no text covers another or a mark, and all are inside the view`, () => {
    const { texts, keptFree } = crowd(count, count);
    const boxes = boxesOf(placed(texts, keptFree, VIEW, LINE_PX));
    assert.ok(boxes.length > 0);
    for (const [i, box] of boxes.entries()) {
      assert.ok(contains(VIEW, box), JSON.stringify(box));
      for (const other of [...boxes.slice(i + 1), ...keptFree])
        assert.ok(!covers(box, other), `${JSON.stringify(box)} covers ${JSON.stringify(other)}`);
    }
  });

  test(`among ${count} marks no text gives way to a less important one`, () => {
    const { texts, keptFree } = crowd(count, count);
    const all = placed(texts, keptFree, VIEW, LINE_PX);
    for (let important = 1; important < count; important += 7) {
      const alone = placed(texts.slice(0, important), keptFree, VIEW, LINE_PX);
      assert.deepEqual(all.slice(0, alone.length), alone);
    }
  });

  test(`among ${count} marks a text is only lost where every anchor is taken by a mark or a more important text`, () => {
    const { texts, keptFree } = crowd(count, count);
    const all = placed(texts, keptFree, VIEW, LINE_PX);
    for (const [i, lost] of texts.entries()) {
      if (all.some(({ text }) => text === lost)) continue;
      const moreImportant = boxesOf(all.filter(({ text }) => texts.indexOf(text) < i));
      for (const anchor of lost.anchors) {
        // Alone, where only the view bounds it.
        const [alone] = placed([{ ...lost, anchors: [anchor] }], [], VIEW, LINE_PX);
        if (!alone) continue;
        // Texts keep a few pixels between them.
        const room = { ...alone.box, left: alone.box.left - 3, right: alone.box.right + 3 };
        assert.ok([...keptFree, ...moreImportant].some((other) => covers(room, other)));
      }
    }
  });
}

test('the more anchors there are, the fewer names are lost where marks crowd', () => {
  const { texts, keptFree } = crowd(80, 1);
  const keptWith = (anchors: number) =>
    placed(
      texts.map((text): typeof text => ({ ...text, anchors: text.anchors.slice(0, anchors) })),
      keptFree,
      VIEW,
      LINE_PX,
    ).length;
  const [one, four, all] = [1, 4, Number.POSITIVE_INFINITY].map(keptWith) as [number, number, number];
  assert.ok(one < four && four < all && all >= 72, `${one}, ${four} and ${all} of 80`);
});

test('a name stands to the right of its mark, to the left where the view ends, else above or below', () => {
  const boxOf = (x: number, keptFree: readonly Box[]) => {
    const anchors = anchorsBeside({ x, y: 100 }, 8, LINE_PX);
    return placed([{ widthPx: 60, anchors }], keptFree, VIEW, LINE_PX)[0]?.box;
  };
  assert.deepEqual(boxOf(450, []), { left: 458, right: 518, top: 93, bottom: 107 });
  assert.deepEqual(boxOf(860, []), { left: 792, right: 852, top: 93, bottom: 107 });
  const beside = { left: 300, right: 600, top: 99, bottom: 101 };
  assert.deepEqual(boxOf(450, [beside]), { left: 420, right: 480, top: 78, bottom: 92 });
  const above = { ...beside, top: 50 };
  assert.deepEqual(boxOf(450, [above]), { left: 420, right: 480, top: 108, bottom: 122 });
});

test('text finds room on a bar at any height, whatever rounding does', () => {
  const next = random(1);
  for (let i = 0; i < 1000; i++) {
    // A root has all the digits that a number can have.
    const top = 100 + 280 * Math.sqrt(next());
    const bar: Box = { left: 100, right: 300, top, bottom: top + 7 };
    for (const y of [bar.top - 51.84 / 2, bar.bottom + 51.84 / 2])
      assert.equal(
        placed([{ widthPx: 60, anchors: [{ x: 100, y, align: 'left' }] }], [bar], VIEW, 51.84).length,
        1,
        `at ${y} beside ${JSON.stringify(bar)}`,
      );
  }
});
