using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>How to reach a peer. Behind a proxy a host name is not resolved here, so that no DNS server sees it.</summary>
/// <param name="Target">The peer: an <see cref="IPEndPoint"/> or a <see cref="DnsEndPoint"/>.</param>
/// <param name="Routes">The routes to it, at least one; they race, each later one with a delay.</param>
/// <param name="Encrypted">
/// Whether to encrypt the connection, in the order of attempts: if the peer rejects the first, the next is tried over the same route. At
/// least one.
/// </param>
internal sealed record DialPlan(EndPoint Target, ImmutableArray<DialRoute> Routes, ImmutableArray<bool> Encrypted)
{
    /// <summary>Whether the peer can be reached at this moment alone: the dial begins beside those that are allowed at once.</summary>
    public bool IsUrgent { get; init; }

    /// <summary>What the routes go through.</summary>
    public PeerPath Path { get; init; }

    /// <summary>Over TCP, with nothing in between.</summary>
    public static DialPlan Direct(EndPoint target) => new(target, [new DialRoute(PeerTransport.Tcp)], [false]);
}
