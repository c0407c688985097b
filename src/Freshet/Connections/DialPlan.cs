using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>
/// How a peer is to be reached: where it is, and the ways to try, in order. A policy such as "encrypted if the peer can, else not" is two
/// steps; behind a proxy a name stays a name, so that nobody else is asked for its address.
/// </summary>
/// <param name="Target">The peer: an <see cref="IPEndPoint"/> or a <see cref="DnsEndPoint"/>.</param>
/// <param name="Steps">The ways, at least one.</param>
internal sealed record DialPlan(EndPoint Target, ImmutableArray<DialStep> Steps)
{
    /// <summary>Over TCP, with nothing in between.</summary>
    public static DialPlan Direct(EndPoint target) => new(target, [new DialStep(PeerTransport.Tcp)]);
}
