using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Connections;

/// <summary>Plans a session's dials, from its options and from what is known about a peer.</summary>
/// <param name="transports">The available transports, in the order in which they are tried with an unknown peer.</param>
/// <param name="encryption">The encryption options.</param>
/// <param name="isProxied">Whether peers are reached through a proxy.</param>
internal sealed class DialPlanner(IReadOnlyList<PeerTransport> transports, EncryptionOptions encryption, bool isProxied = false)
{
    private static readonly TimeSpan ProvenHeadStart = TimeSpan.FromMilliseconds(ConnectionLimits.ProvenHeadStartMilliseconds);

    private readonly ImmutableArray<DialRoute> _routes = [.. transports.Select(transport => new DialRoute(transport))];

    /// <param name="peer">The peer.</param>
    /// <param name="hint">What is known about it. What worked before comes first, then what others say; the rest is tried as well.</param>
    public DialPlan For(EndPoint peer, DialHint hint) =>
        new(peer, RoutesFor(hint), [.. encryption.DialOrder(EncryptionOf(hint))])
        {
            IsUrgent = hint.IsPunched,
            Path = isProxied ? PeerPath.Proxy : hint.IsPunched ? PeerPath.Hole : PeerPath.Direct,
        };

    private ImmutableArray<DialRoute> RoutesFor(DialHint hint)
    {
        // A router that lets in what we have sent to lets in nothing else.
        if (hint.IsPunched)
            return [.. _routes.Where(static route => route.Transport == PeerTransport.Utp)];
        PeerTransport? first = hint.Worked?.Transport ?? (hint.Told.HasFlag(PeerExchangeFlags.Utp) ? PeerTransport.Utp : null);
        if (_routes.FirstOrDefault(route => route.Transport == first) is not { } known)
            return _routes;
        DialRoute favourite = hint.Worked is null ? known : known with { HeadStart = ProvenHeadStart };
        return [favourite, .. _routes.Remove(known)];
    }

    private static PeerEncryption? EncryptionOf(DialHint hint) =>
        hint.Worked?.Encryption ?? (hint.Told.HasFlag(PeerExchangeFlags.PrefersEncryption) ? PeerEncryption.Handshake : null);
}
