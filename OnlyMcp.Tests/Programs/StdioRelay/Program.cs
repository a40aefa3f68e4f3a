// Carries standard input to a server that listens on this machine, and what the server says to standard output.
// Arguments: the server's port on the loopback address
using System.Globalization;
using System.Net.Sockets;

using var server = new TcpClient { NoDelay = true };
await server.ConnectAsync("127.0.0.1", int.Parse(args[0], CultureInfo.InvariantCulture));
var stream = server.GetStream();
var toServer = CarryAsync();
await using var output = Console.OpenStandardOutput();
await stream.CopyToAsync(output);
return 0;

async Task CarryAsync()
{
    await using var input = Console.OpenStandardInput();
    await input.CopyToAsync(stream);
    server.Client.Shutdown(SocketShutdown.Send);
}
