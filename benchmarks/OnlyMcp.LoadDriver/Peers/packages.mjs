// The packages of the tests' peers, which lie beside them and nowhere above this file.
const folder = '../../../OnlyMcp.Tests/Peers/node_modules';

export const { z } = await import(`${folder}/zod/index.js`);
export const load = (path) => import(`${folder}/@modelcontextprotocol/${path}`);
