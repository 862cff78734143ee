// SPDX-License-Identifier: MIT
// with-service: none
// The parts of the operators' screen that are only arithmetic: tables as CSV.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { csvOf } from '../../services/web/ops/csv.js';

test('CSV: quotes, lists, nothing, and no cell that a spreadsheet would run', () => {
  assert.equal(csvOf(['a', 'b'], [['x, "y"', null], [1.5, ['p', 'q']], ['=SUM(A1)', '-1'], [-1, 'dòng\nhai']]),
    '\ufeffa,b\r\n"x, ""y""",\r\n1.5,p; q\r\n\'=SUM(A1),\'-1\r\n-1,"dòng\nhai"\r\n');
});
