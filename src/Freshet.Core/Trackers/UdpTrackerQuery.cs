using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>An announce or a scrape to be made by a <see cref="UdpTrackerMachine"/>.</summary>
internal class UdpTrackerQuery
{
    /// <summary>The tracker's address.</summary>
    public required IPEndPoint Server { get; init; }

    /// <summary>The announce; null for a scrape.</summary>
    public AnnounceRequest? Announce { get; init; }

    /// <summary>The swarms to scrape, 1 to <see cref="TrackerLimits.MaxUdpScrapedSwarms"/>.</summary>
    public IReadOnlyList<InfoHash> Scrape { get; init; } = [];

    /// <summary>Path and query of the tracker's URL, which some trackers require with an announce (BEP 41); ASCII, or empty.</summary>
    public string UrlData { get; init; } = "";

    /// <summary>Whether the tracker is reached over IPv6, which determines the length of the peers in its response.</summary>
    public bool IsV6 { get; set; }

    /// <summary>The transaction id of the request. Like everything below, written only by the machine.</summary>
    public uint Transaction { get; set; }

    /// <summary>When the query is given up.</summary>
    public Timestamp GiveUpAt { get; set; }

    /// <summary>How often the query has been sent.</summary>
    public int Sent { get; set; }

    /// <summary>When the query is resent; only meaningful while it is in flight.</summary>
    public Timestamp ResendAt { get; set; }

    /// <summary>The connection id that it was last sent with.</summary>
    public ulong Connection { get; set; }

    /// <summary>Whether the tracker has already rejected that connection id once.</summary>
    public bool WasMisconnected { get; set; }

    /// <summary>Its place among the waiting or in-flight queries of its server; null if it is in neither.</summary>
    public LinkedListNode<UdpTrackerQuery>? Place { get; set; }
}
