using Freshet.Core.Pieces;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Simulation;

/// <summary>
/// Checks that one peer's extension messages (BEP 10) are acceptable to the strictest client, libtorrent: it disconnects a peer that uses a
/// number that it did not assign, or that uses ut_metadata or ut_pex without having offered them in its first handshake.
/// </summary>
internal sealed class ExtensionRules
{
    private readonly Dictionary<PeerKey, Connection> _connections = [];
    private readonly HashSet<string> _used = [];

    /// <summary>The names of the extensions whose messages it has sent.</summary>
    public IReadOnlySet<string> Used => _used;

    public void OnGone(PeerKey peer) => _connections.Remove(peer);

    public void OnReceived(PeerKey peer, in PeerMessage message)
    {
        if (message.Id != MessageId.Extended || message.Number != ExtensionHandshake.MessageNumber
            || !ExtensionHandshake.TryParse(message.Payload.Span, out ExtensionHandshake handshake))
            return;
        Dictionary<byte, string> assigned = Of(peer).Assigned;
        foreach (PeerExtension extension in handshake.Extensions)
        {
            // The number 0 withdraws an extension, and another number replaces the earlier one.
            foreach (byte number in assigned.Where(pair => pair.Value == extension.Name).Select(static pair => pair.Key).ToList())
                assigned.Remove(number);
            if (extension.Number != 0)
                assigned[extension.Number] = extension.Name;
        }
    }

    public void OnSent(PeerKey peer, in PeerMessage message)
    {
        if (message.Id != MessageId.Extended)
            return;
        if (message.Number == ExtensionHandshake.MessageNumber)
        {
            OnHandshake(Of(peer), message.Payload.Span);
            return;
        }

        Connection connection = Of(peer);
        if (!connection.Assigned.TryGetValue((byte)message.Number, out string? name))
            throw new SimFailureException($"an extension message was sent with number {message.Number}, which the receiver did not assign");
        if (connection.Offered is not { } offered)
            throw new SimFailureException($"a message of {name} was sent before an extension handshake");
        bool mustBeOffered = name == ExtensionRows.Metadata.Name || name == ExtensionRows.PeerExchange.Name;
        if (mustBeOffered && !offered.Contains(name))
            throw new SimFailureException($"a message of {name} was sent, which the first handshake did not offer");
        _used.Add(name);
    }

    private static void OnHandshake(Connection connection, ReadOnlySpan<byte> payload)
    {
        if (!ExtensionHandshake.TryParse(payload, out ExtensionHandshake handshake))
            throw new SimFailureException("an extension handshake was sent that cannot be read");
        connection.Offered ??= [.. handshake.Extensions.Where(static one => one.Number != 0).Select(static one => one.Name)];
    }

    private Connection Of(PeerKey peer)
    {
        if (!_connections.TryGetValue(peer, out Connection? connection))
            _connections[peer] = connection = new Connection();
        return connection;
    }

    private sealed class Connection
    {
        /// <summary>The receiver's extensions according to its handshakes, by number.</summary>
        public Dictionary<byte, string> Assigned { get; } = [];

        /// <summary>The extensions that our first handshake offered; null until it was sent.</summary>
        public HashSet<string>? Offered { get; set; }
    }
}
