using Freshet.Core.Trackers;

namespace Freshet.Network;

/// <summary>Limits of datagrams and name resolution.</summary>
internal static class NetworkLimits
{
    /// <summary>Datagrams queued for one socket; further ones are dropped and counted.</summary>
    public const int MaxQueuedDatagrams = 512;

    /// <summary>Datagrams received at once before others get their turn.</summary>
    public const int MaxReceivedDatagrams = 1_024;

    /// <summary>Protocols that share a UDP port.</summary>
    public const int MaxDatagramProtocols = 8;

    /// <summary>Seconds for a proxy to be connected to, all its addresses together if its host is a name.</summary>
    public const int ProxyTimeoutSeconds = 10;

    /// <summary>Seconds for a proxy to say whether it relays datagrams.</summary>
    public const int RelayTimeoutSeconds = 15;

    /// <summary>Seconds of silence after which a proxy that relays datagrams is asked whether it is still there (TCP keep-alive).</summary>
    public const int RelaySilenceSeconds = 60;

    /// <summary>Seconds between two such questions that are not answered.</summary>
    public const int RelayQuestionSeconds = 15;

    /// <summary>Such questions in a row without an answer, after which the proxy counts as gone.</summary>
    public const int MaxRelayQuestions = 4;

    /// <summary>
    /// Concurrent name lookups, each on a thread that the system's resolver may block for half a minute: more than all trackers that may be
    /// dead are given at once.
    /// </summary>
    public const int MaxNameLookups = TrackerLimits.MaxUnprovenRequests + 8;

    /// <summary>Concurrent lookups of names that nothing waits for (<see cref="NameUrgency.Minor"/>).</summary>
    public const int MaxMinorNameLookups = 2;

    /// <summary>Names of one torrent's peers that are looked up, or queued for it, at once.</summary>
    public const int MaxNamesOfTorrent = 4;

    /// <summary>Names of peers in one magnet link that are looked up.</summary>
    public const int MaxNamesOfLink = 100;

    /// <summary>Name servers that are asked for a name, as the system's own resolver has it.</summary>
    public const int MaxNameServers = 3;

    /// <summary>Bytes of a hosts file that is kept in memory; a longer one is searched for each name.</summary>
    public const int MaxKeptHostsFile = 1024 * 1024;

    /// <summary>Seconds for a name server to answer, before the next is asked.</summary>
    public const int NameServerSeconds = 3;

    /// <summary>Seconds to find the texts of a host, before whoever wanted them goes on without.</summary>
    public const int TextSeconds = 3;

    /// <summary>Queued name lookups of each urgency.</summary>
    public const int MaxQueuedNameLookups = 1_000;
}
