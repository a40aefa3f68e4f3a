// The TypeScript SDK's version 1 as a client that signs in. See account.mjs for the argument and the report.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { converse } from './account.mjs';

await converse(
    () => new Client({ name: 'ts-auth-v1', version: '1.0.0' }),
    (url, options) => new StreamableHTTPClientTransport(url, options),
    (transport, answer) => transport.finishAuth(answer.get('code')),
);
