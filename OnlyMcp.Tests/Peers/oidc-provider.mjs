// An authorization server by others:  node oidc-provider.mjs [JSON]
// It prints `listening ISSUER` once it listens on a free port, and ends when its stdin closes. The object, all of it optional:
//   resources   URIs that tokens may be for (default: any); such a token is a JWT whose `aud` is the URI
//   scopes      beside openid and offline_access (default: mcp:use, notes:read, notes:write)
//   clients     clients that are registered beforehand, as in RFC 7591 with a client_id
//   documents   { URL: client ID metadata document }, fetched from here instead of from the network
//   registers   whether anybody may register a client (default: true)
//   lifetime    of an access token, in seconds (default: 600)
//   opaque      tokens say nothing and are asked about at the introspection endpoint (default: false)
// Anybody may sign in, with any password; the name is the subject. Refresh tokens rotate at every use, and PKCE is required of every client.
import { Provider, errors } from 'oidc-provider';
import { listenAs } from './listen.mjs';

const options = JSON.parse(process.argv[2] ?? '{}');
const scopes = options.scopes ?? ['mcp:use', 'notes:read', 'notes:write'];

listenAs('', (issuer) => new Provider(issuer, configuration()).callback());

function configuration() {
    return {
        scopes: ['openid', 'offline_access', ...scopes],
        clients: options.clients ?? [],
        clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
        features: {
            clientCredentials: { enabled: true },
            clientIdMetadataDocument: { enabled: true, ack: 'draft-02' },
            introspection: { enabled: true },
            registration: { enabled: options.registers ?? true },
            resourceIndicators: { enabled: true, getResourceServerInfo: resourceServer },
            revocation: { enabled: true },
        },
        fetch: fromMemory,
        findAccount: (_, subject) => ({ accountId: subject, claims: () => ({ sub: subject }) }),
        issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
        pkce: { required: () => true },
        rotateRefreshToken: true,
        ttl: { AccessToken: lifetime, ClientCredentials: lifetime },
    };
}

function resourceServer(_, resource) {
    if (options.resources && !options.resources.includes(resource)) throw new errors.InvalidTarget();
    return { scope: scopes.join(' '), audience: resource, accessTokenFormat: options.opaque ? 'opaque' : 'jwt' };
}

function lifetime() {
    return options.lifetime ?? 600;
}

async function fromMemory(url) {
    const document = options.documents?.[url];
    return document ? Response.json(document) : new Response('nothing here', { status: 404 });
}
