// SPDX-License-Identifier: MIT
// The API's description as the page needs it: operations by tag, references followed.

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
let spec = null;

/** Reads /openapi.json, once. @returns {Promise<Object>} */
export async function specReady() {
  spec ??= (await (await fetch('/openapi.json')).json());
  return spec;
}

/** What a $ref stands for, or the thing itself. @param {any} thing */
export function follow(thing) {
  let at = thing;
  for (let hops = 0; at?.$ref && hops < 20; hops++) {
    const { $ref, ...beside } = at;
    const found = $ref.slice(2).split('/').reduce((node, name) =>
      node?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], spec);
    at = { ...found, ...beside };
  }
  return at;
}

/** The name of the schema that is referred to; null for one without. @param {any} thing */
export function nameOf(thing) { return thing?.$ref?.split('/').pop() ?? null; }

/**
 * @typedef {{id: string, method: string, path: string, operation: Object, parameters: Object[]}} Entry
 * @returns {Entry[]} all operations, in the order of the document
 */
export function entries() {
  const found = [];
  for (const [path, item] of Object.entries(spec.paths))
    for (const method of METHODS.filter((one) => item[one])) {
      const operation = item[method];
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(follow);
      found.push({ id: operation.operationId, method, path, operation, parameters });
    }
  return found;
}

/** Tags with their operations. @returns {{name: string, description: string, entries: Entry[]}[]} */
export function chapters() {
  const all = entries();
  return spec.tags.map((tag) => ({ ...tag,
    entries: all.filter((one) => one.operation.tags.includes(tag.name)) }))
    .filter((tag) => tag.entries.length);
}
