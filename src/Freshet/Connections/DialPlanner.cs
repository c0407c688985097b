using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>Makes the plans by which a session dials, from what it is allowed to do and what worked with a peer before.</summary>
/// <param name="transports">What there is, the first being tried first with a peer of which nothing is known.</param>
/// <param name="encryption">What is allowed.</param>
internal sealed class DialPlanner(IReadOnlyList<PeerTransport> transports, EncryptionOptions encryption)
{
    private static readonly TimeSpan ProvenHeadStart = TimeSpan.FromMilliseconds(ConnectionLimits.ProvenHeadStartMilliseconds);

    private readonly ImmutableArray<DialRoute> _routes = [.. transports.Select(transport => new DialRoute(transport))];

    /// <param name="peer">The peer.</param>
    /// <param name="worked">In which way there was a connection with it before; null if there was none.</param>
    public DialPlan For(EndPoint peer, PeerWay? worked)
    {
        ImmutableArray<DialRoute> routes = _routes;
        if (worked is { } way && _routes.FirstOrDefault(route => route.Transport == way.Transport) is { } proven)
            routes = [proven with { HeadStart = ProvenHeadStart }, .. _routes.Remove(proven)];
        return new DialPlan(peer, routes, [.. encryption.DialOrder(worked?.Encryption)]);
    }
}
