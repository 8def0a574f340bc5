import { describe, expect, it } from 'vitest';
import { renderMatrix } from '../../../src/bot/render/matrix.ts';
import { fileContent } from '../../../src/bot/message-content.ts';
import { toWire, wireReport } from '../../../src/cli/wire-report.ts';
import { jsonDocument } from '../../../src/commands/render/json.ts';
import { renderTerminal } from '../../../src/commands/render/terminal.ts';
import type { ReportNode } from '../../../src/core/report.ts';
import { say } from '../../../src/core/text.ts';

const node: ReportNode = {
  type: 'file',
  name: 'perf.png',
  mimetype: 'image/png',
  content: new Uint8Array([1, 2, 3]),
  picture: {
    width: 800,
    height: 320,
    alt: say('perf.picture', { hours: { span: 3_600_000 } }),
    lines: [
      { id: 'cpu', label: say('perf.line.cpu'), values: [0, 0.5, 0.25] },
      { id: 'memory', label: say('perf.line.memory'), values: [1, 1, 0.99] },
    ],
  },
};

describe('a picture', () => {
  it('comes whole over the socket of the terminal', () => {
    expect(wireReport.parse(JSON.parse(JSON.stringify(toWire([node]))))).toEqual([
      { ...node, content: Buffer.from([1, 2, 3]) },
    ]);
  });

  it('is bars and its last values on a screen of letters', () => {
    expect(renderTerminal([node], 'en', { width: 60, colour: false })).toBe(
      [
        'The last 1 h: processor and memory of the node',
        'processor: ▁▅▃ 25 %',
        'memory:    ███ 99 %',
        '',
      ].join('\n'),
    );
  });

  it('is an image with its description in the room', () => {
    const { files, messages } = renderMatrix([node], 'en');
    const [file] = files;
    if (file === undefined) throw new Error('there is no file');
    expect(messages[0].body).toBe('The last 1 h: processor and memory of the node');
    expect(fileContent(file, {})).toMatchObject({
      msgtype: 'm.image',
      body: 'The last 1 h: processor and memory of the node',
      filename: 'perf.png',
      info: { w: 800, h: 320 },
      'm.mentions': {},
    });
  });

  it('is numbers in JSON', () => {
    const answer = { command: 'perf', job: null, outcome: 'ok', nodes: [node] } as const;
    expect(jsonDocument(answer, 'en').files).toEqual([
      {
        name: 'perf.png',
        mimetype: 'image/png',
        base64: 'AQID',
        lines: { cpu: [0, 0.5, 0.25], memory: [1, 1, 0.99] },
      },
    ]);
  });
});
