// SPDX-License-Identifier: MIT
// Pictures for a camera that is none: a PNG is read, put before a camera as a hand would hold it, and
// written as the raw video (YUV4MPEG2, luminance and two grey planes) that Chromium plays as one.
import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';

/** @typedef {{width: number, height: number, at: (x: number, y: number) => number}} Picture grey, 0 to 255 */

/* PNG (ISO/IEC 15948) §9: what a row was filtered with. */
function unfilter(bytes, rows, size, step) {
  const out = Buffer.alloc(rows * size);
  for (let y = 0; y < rows; y++) {
    const kind = bytes[y * (size + 1)];
    for (let x = 0; x < size; x++) {
      const left = x >= step ? out[y * size + x - step] : 0;
      const up = y > 0 ? out[(y - 1) * size + x] : 0;
      const corner = x >= step && y > 0 ? out[(y - 1) * size + x - step] : 0;
      const nearest = [left, up, corner].sort((a, b) =>
        Math.abs(left + up - corner - a) - Math.abs(left + up - corner - b))[0];
      const guess = [0, left, up, (left + up) >> 1, nearest][kind];
      out[y * size + x] = bytes[y * (size + 1) + 1 + x] + guess;
    }
  }
  return out;
}

/** A grey picture of any depth up to 8. @param {Buffer} png @returns {Picture} */
export function readPng(png) {
  const data = [];
  let head = null;
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    const body = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    const name = png.toString('latin1', at + 4, at + 8);
    if (name === 'IHDR') head = body;
    if (name === 'IDAT') data.push(body);
  }
  const [width, height, depth] = [head.readUInt32BE(0), head.readUInt32BE(4), head[8]];
  assert.equal(head[9], 0, 'grey');
  assert.equal(head[12], 0, 'not interlaced');
  const size = Math.ceil((width * depth) / 8);
  const rows = unfilter(inflateSync(Buffer.concat(data)), height, size, Math.max(1, depth >> 3));
  const most = (1 << depth) - 1;
  const at = (x, y) => {
    const bit = x * depth;
    return (((rows[y * size + (bit >> 3)] >> (8 - depth - (bit & 7))) & most) * 255) / most;
  };
  return { width, height, at };
}

/* Between four pixels; the table that it lies on is grey. */
function sample(picture, x, y) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if (left < 0 || top < 0 || left + 1 >= picture.width || top + 1 >= picture.height) return 110;
  const [across, down] = [x - left, y - top];
  const row = (at) => picture.at(left, at) * (1 - across) + picture.at(left + 1, at) * across;
  return row(top) * (1 - down) + row(top + 1) * down;
}

/**
 * What a camera sees of it: turned, smaller or larger, darker to one side, with the grain of bad light.
 * @param {Picture | null} picture null: only the table
 * @param {{width: number, height: number, scale: number, degrees: number, grain?: number}} view
 * @returns {Buffer} luminance of a frame
 */
export function seen(picture, { width, height, scale, degrees, grain = 18 }) {
  const frame = Buffer.alloc(width * height);
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180) / scale, Math.sin((degrees * Math.PI) / 180) / scale];
  let noise = 12345;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x - width / 2, y - height / 2];
      const grey = picture
        ? sample(picture, picture.width / 2 + dx * cos + dy * sin, picture.height / 2 - dx * sin + dy * cos) : 110;
      noise = (noise * 1103515245 + 12345) & 0x7fffffff;
      const light = 0.55 + (0.35 * x) / width;
      frame[y * width + x] = Math.max(16, Math.min(235, 25 + grey * light + ((noise >> 16) % grain) - grain / 2));
    }
  return frame;
}

/** @param {Buffer[]} frames luminance @param {number} width @param {number} height @returns {Buffer} */
export function video(frames, width, height) {
  const grey = Buffer.alloc((width * height) / 2, 128);
  const parts = frames.flatMap((frame) => [Buffer.from('FRAME\n'), frame, grey]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F5:1 Ip A1:1 C420jpeg\n`), ...parts]);
}
