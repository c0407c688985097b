using System.Net;

using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Peers;

/// <summary>An address in the <see cref="PeerBook"/>.</summary>
internal sealed class KnownPeer(IPEndPoint endPoint, PeerSource source)
{
    public IPEndPoint EndPoint { get; } = endPoint;

    /// <summary>Everybody who has named it.</summary>
    public PeerSources Sources { get; set; } = default(PeerSources).With(source);

    /// <summary>In which way we had a connection with it last, having dialled; null if never.</summary>
    public PeerWay? Worked { get; set; }

    /// <summary>Whose peer told us of it, until somebody whom we dial answers there; null if it came to us in another way.</summary>
    public Origin? Teller { get; set; }

    /// <summary>What peers have told of it (BEP 11).</summary>
    public PeerExchangeFlags Told { get; set; }

    /// <summary>Until when a dial goes through the hole that is punched for it (BEP 55); long ago if none is.</summary>
    public Timestamp PunchedUntil { get; set; } = new(long.MinValue);

    public KnownPeerState State { get; set; }

    /// <summary>Failures in a row; a connection that gave us something wipes them out.</summary>
    public int Failures { get; set; }

    /// <summary>Tries in a row over which no payload moved, failed or not.</summary>
    public int Fruitless { get; set; }

    /// <summary>Whether it is known to have every piece.</summary>
    public bool IsSeed { get; set; }

    /// <summary>While resting: until when.</summary>
    public Timestamp NotBefore { get; set; }
}
