// What a client of either TypeScript SDK keeps for its sign-in, and how each request goes on once it is signed in.
//
//   node ts-auth-vN.mjs JSON      { url, revision?, name, password?, client?, metadataUrl?, scope?, calls: [{ name, arguments }] }
//
// client is what was registered beforehand ({ client_id, client_secret? }); with metadataUrl the client's id is a document; else it registers.
// Prints { protocolVersion, tools, calls: [{ name, result | error }], signIns, clientId, scope, requests: ['POST /token 200'] }.
import { signIn } from './sign-in.mjs';

const options = JSON.parse(process.argv[2]);
const requests = [];

/** Notes each request that the SDK makes of its own, without the ones of the person's browser. */
export async function noted(url, init) {
    const response = await fetch(url, init);
    requests.push(`${init?.method ?? 'GET'} ${new URL(url).pathname} ${response.status}`);
    return response;
}

class Account {
    redirectUrl = 'http://127.0.0.1:33418/callback';
    clientMetadataUrl = options.metadataUrl;
    clientMetadata = {
        client_name: 'peer',
        redirect_uris: [this.redirectUrl],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: options.client?.client_secret ? 'client_secret_basic' : 'none',
        application_type: 'native',
        scope: options.scope,
    };
    signIns = 0;
    #client = options.client;
    #discovery;
    #state;
    #tokens;
    #verifier;

    state = () => (this.#state = crypto.randomUUID());
    clientInformation = () => this.#client;
    saveClientInformation = (client) => void (this.#client = client);
    tokens = () => this.#tokens;
    saveTokens = (tokens) => void (this.#tokens = tokens);
    saveDiscoveryState = (discovery) => void (this.#discovery = discovery);
    discoveryState = () => this.#discovery;
    saveCodeVerifier = (verifier) => void (this.#verifier = verifier);
    codeVerifier = () => this.#verifier;

    async redirectToAuthorization(url) {
        this.signIns++;
        this.answer = (await signIn(url, this.redirectUrl, { name: options.name, password: options.password ?? 'secret' })).searchParams;
        if (this.answer.get('state') !== this.#state) throw new Error('another state came back');
    }
}

/** Connects, lists the tools, makes the calls, each with as many sign-ins as it takes, prints the report and ends the process. */
export async function converse(newClient, open, finish) {
    const account = new Account();
    const client = newClient(options.revision);
    let transport;
    try {
        await signedIn(async () => client.connect((transport = open(new URL(options.url), { authProvider: account, fetch: noted }))));
        const { tools } = await signedIn(() => client.listTools());
        const calls = [];
        for (const call of options.calls) calls.push({ name: call.name, ...(await outcome(() => client.callTool(call))) });
        const { client_id: clientId } = account.clientInformation();
        const protocolVersion = client.getNegotiatedProtocolVersion?.() ?? transport.protocolVersion;
        console.log(JSON.stringify({ protocolVersion, tools, calls, signIns: account.signIns, clientId, scope: account.tokens().scope, requests }));
        await client.close();
        process.exit(0);
    } catch (error) {
        console.error(error?.stack ?? String(error), requests);
        process.exit(1);
    }

    async function signedIn(ask) {
        for (let attempt = 0; ; attempt++) {
            try {
                return await ask();
            } catch (error) {
                if (error.constructor.name !== 'UnauthorizedError' || attempt === 3) throw error;
                await finish(transport, account.answer);
            }
        }
    }

    async function outcome(ask) {
        try {
            return { result: await signedIn(ask) };
        } catch (error) {
            return { error: { name: error.constructor.name, code: error.code, message: error.message } };
        }
    }
}
