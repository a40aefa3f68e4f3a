// A server's line to the driver, beside its wire, as in Servers/SideChannel.cs: a word when it is ready, then at each question its CPU time
// in units of 100 ns. Node cannot tell how much it has allocated. Without a channel's name on the command line there is none.
import { connect } from 'node:net';

export function ready(word) {
    const name = process.argv[2];
    if (!name) return;
    const channel = connect(process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : name, () => channel.write(`${word}\n`));
    channel.on('data', () => {
        const { user, system } = process.cpuUsage();
        channel.write(`${(user + system) * 10}\n`);
    });
    channel.on('close', () => process.exit(0));
}
