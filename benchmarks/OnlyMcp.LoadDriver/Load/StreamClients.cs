using System.Globalization;
using System.Net;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>What clients send that open a stream and then say nothing.</summary>
/// <param name="Name">What is held for each.</param>
internal abstract record StreamClients(string Name)
{
    /// <summary>Sends what comes before the stream; the request that opens it.</summary>
    public abstract byte[] Open(IPEndPoint server, HttpConnection connection, int number, bool servesSessions);

    /// <summary>Says good-bye, where clients do.</summary>
    public virtual void End(IPEndPoint server)
    {
    }

    /// <summary>Sessions that were initialized, each with the stream of what belongs to no request.</summary>
    internal sealed record Sessions() : StreamClients("sessions with their streams")
    {
        private readonly List<string> ids = [];

        public override byte[] Open(IPEndPoint server, HttpConnection connection, int number, bool servesSessions)
        {
            // The floor knows no session; its request is as long.
            var id = servesSessions ? SessionRequests.Open(server, connection) : new string('0', 32);
            if (servesSessions)
            {
                lock (ids)
                    ids.Add(id);
            }

            return SessionRequests.Listen(server, id);
        }

        public override void End(IPEndPoint server)
        {
            using var connection = new HttpConnection(server);
            foreach (var id in ids)
                connection.Exchange(SessionRequests.Delete(server, id));
            ids.Clear();
        }
    }

    /// <summary>Subscriptions to changes of the list of tools.</summary>
    internal sealed record Subscriptions() : StreamClients("subscriptions")
    {
        public override byte[] Open(IPEndPoint server, HttpConnection connection, int number, bool servesSessions) =>
            Open(server, number.ToString(CultureInfo.InvariantCulture));

        /// <summary>The request under any id, as JSON.</summary>
        public static byte[] Open(IPEndPoint server, string id) =>
            HttpRequest.PostModern(server, "subscriptions/listen", Messages.Listen(id));
    }
}
