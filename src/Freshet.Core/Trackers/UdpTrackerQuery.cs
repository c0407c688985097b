using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>One announce or scrape that a <see cref="UdpTrackerMachine"/> is to make.</summary>
internal class UdpTrackerQuery
{
    /// <summary>The tracker's address.</summary>
    public required IPEndPoint Server { get; init; }

    /// <summary>What is told; null for a scrape.</summary>
    public AnnounceRequest? Announce { get; init; }

    /// <summary>What a scrape asks for, 1 to <see cref="TrackerLimits.MaxUdpScrapedSwarms"/>.</summary>
    public IReadOnlyList<InfoHash> Scrape { get; init; } = [];

    /// <summary>Path and query of the tracker's URL, which some trackers want with an announce (BEP 41); ASCII, or empty.</summary>
    public string UrlData { get; init; } = "";

    /// <summary>Whether the tracker is asked over IPv6, which the length of the peers in its answer goes by.</summary>
    public bool IsV6 { get; set; }

    /// <summary>What it is known by on the way. Written by the machine alone, like all below.</summary>
    public uint Transaction { get; set; }

    /// <summary>When it is given up.</summary>
    public Timestamp GiveUpAt { get; set; }

    /// <summary>How often it was sent.</summary>
    public int Sent { get; set; }

    /// <summary>When it is sent again; means something while it is in flight.</summary>
    public Timestamp ResendAt { get; set; }

    /// <summary>The connection id that it was sent with last.</summary>
    public ulong Connection { get; set; }

    /// <summary>Whether the tracker has called that id wrong once already.</summary>
    public bool WasMisconnected { get; set; }

    /// <summary>Its place among those of its server that wait, or that are in flight; null if it is neither.</summary>
    public LinkedListNode<UdpTrackerQuery>? Place { get; set; }
}
