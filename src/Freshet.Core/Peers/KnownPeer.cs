using System.Net;

using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>An address in the <see cref="PeerBook"/>.</summary>
internal sealed class KnownPeer(IPEndPoint endPoint, PeerSource source)
{
    public IPEndPoint EndPoint { get; } = endPoint;

    public PeerSource Source { get; } = source;

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
