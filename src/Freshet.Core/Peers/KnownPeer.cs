using System.Net;

using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Peers;

/// <summary>An address in the <see cref="PeerBook"/>.</summary>
internal sealed class KnownPeer(IPEndPoint endPoint, Informant informant)
{
    public IPEndPoint EndPoint { get; } = endPoint;

    /// <summary>All sources of the address.</summary>
    public PeerSources Sources { get; set; } = PeerSources.Of(informant.Source);

    /// <summary>How our last outgoing connection to it succeeded; null if never.</summary>
    public PeerWay? Worked { get; set; }

    /// <summary>For whom its place in the book counts.</summary>
    public Informant Informant { get; set; } = informant;

    /// <summary>Its index in <see cref="BookPlaces"/>.</summary>
    public int Place { get; set; }

    /// <summary>Its rank in the <see cref="RankedPeers"/> that it is in.</summary>
    public long Rank { get; set; }

    /// <summary>Its index there.</summary>
    public int RankPlace { get; set; }

    /// <summary>Whether it has one of the places of its host.</summary>
    public bool IsOfHost { get; set; }

    /// <summary>The next address that has one of the places of its host.</summary>
    public KnownPeer? NextOfHost { get; set; }

    /// <summary>What peers have told of it (BEP 11); that it only uploads, if all of its sources say so.</summary>
    public PeerExchangeFlags Told { get; set; }

    /// <summary>Until when a dial goes through the hole that is punched for it (BEP 55); long ago if none is.</summary>
    public Timestamp PunchedUntil { get; set; } = new(long.MinValue);

    /// <summary>While dialled: until when the other side punches a hole, if that began after the dial did; otherwise long ago.</summary>
    public Timestamp HoleUntil { get; set; } = new(long.MinValue);

    /// <summary>While dialled: whether it is through a hole.</summary>
    public bool IsPunched { get; set; }

    /// <summary>While dialled: the connected peer that says it listens there; null if none does.</summary>
    public PeerKey? Claimant { get; set; }

    public KnownPeerState State { get; set; }

    /// <summary>Consecutive failures; reset by a connection that carried payload for us.</summary>
    public int Failures { get; set; }

    /// <summary>Consecutive attempts, failed or not, in which no payload moved.</summary>
    public int Fruitless { get; set; }

    /// <summary>Whether the peer is known to be a seed.</summary>
    public bool IsSeed { get; set; }
}
