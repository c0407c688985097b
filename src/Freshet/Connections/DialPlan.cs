using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>
/// How a peer is to be reached. Behind a proxy a name stays a name, so that nobody else is asked for its address.
/// </summary>
/// <param name="Target">The peer: an <see cref="IPEndPoint"/> or a <see cref="DnsEndPoint"/>.</param>
/// <param name="Routes">The ways to get a stream to it, at least one; they race, each later one from behind.</param>
/// <param name="Encrypted">
/// Whether to encrypt the stream, in the order in which it is tried: a peer that turns away the first is tried by the same route with the
/// next. At least one.
/// </param>
internal sealed record DialPlan(EndPoint Target, ImmutableArray<DialRoute> Routes, ImmutableArray<bool> Encrypted)
{
    /// <summary>Over TCP, with nothing in between.</summary>
    public static DialPlan Direct(EndPoint target) => new(target, [new DialRoute(PeerTransport.Tcp)], [false]);
}
