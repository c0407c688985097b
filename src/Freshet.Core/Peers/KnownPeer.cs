using System.Net;

using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Peers;

/// <summary>An address in the <see cref="PeerBook"/>.</summary>
internal sealed class KnownPeer(IPEndPoint endPoint, PeerSource source)
{
    public IPEndPoint EndPoint { get; } = endPoint;

    /// <summary>All sources of the address.</summary>
    public PeerSources Sources { get; set; } = default(PeerSources).With(source);

    /// <summary>How our last outgoing connection to it succeeded; null if never.</summary>
    public PeerWay? Worked { get; set; }

    /// <summary>The network whose peer sent us the address, until a dial to it succeeds; null if it has another source.</summary>
    public Origin? Teller { get; set; }

    /// <summary>What peers have told of it (BEP 11).</summary>
    public PeerExchangeFlags Told { get; set; }

    /// <summary>Until when a dial goes through the hole that is punched for it (BEP 55); long ago if none is.</summary>
    public Timestamp PunchedUntil { get; set; } = new(long.MinValue);

    public KnownPeerState State { get; set; }

    /// <summary>Consecutive failures; reset by a connection that carried payload for us.</summary>
    public int Failures { get; set; }

    /// <summary>Consecutive attempts, failed or not, in which no payload moved.</summary>
    public int Fruitless { get; set; }

    /// <summary>Whether the peer is known to be a seed.</summary>
    public bool IsSeed { get; set; }

    /// <summary>While resting: when the address may be dialled again.</summary>
    public Timestamp NotBefore { get; set; }
}
