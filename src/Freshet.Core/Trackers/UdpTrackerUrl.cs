using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Trackers;

/// <summary>A UDP tracker's URL (BEP 15, BEP 41).</summary>
internal sealed record UdpTrackerUrl
{
    public const string Scheme = "udp";

    /// <summary>The host name or address, in DNS form.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>Path and query, which some trackers require; empty if there is neither. ASCII.</summary>
    public required string UrlData { get; init; }

    /// <summary>
    /// The addresses that a torrent's tracker may have: as with HTTP, a public host name must not lead to a local address. The first bytes
    /// of our datagrams are fixed, so that they mean nothing to other programs; a host that is local by its own name is therefore allowed.
    /// </summary>
    public AddressReach Reach => LocalHosts.Contains(Host) ? AddressReach.Everywhere : AddressReach.Public;

    /// <summary>Parses a URL; if it cannot be used, the reason says why as text.</summary>
    public static bool TryParse(string url, [NotNullWhen(true)] out UdpTrackerUrl? parsed, [NotNullWhen(false)] out string? reason)
    {
        parsed = null;
        reason = null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme != Scheme)
            reason = "this is not a URL that begins with udp://";
        else if (uri.Port is < 1 or > ushort.MaxValue)
            reason = "the URL of a UDP tracker needs a port, like udp://tracker.example:6969";
        else if (uri.PathAndQuery.Length > TrackerLimits.MaxUdpUrlLength)
            reason = $"the URL has more than {TrackerLimits.MaxUdpUrlLength} characters behind its port";
        else
            parsed = Of(uri);
        return parsed is not null;
    }

    private static UdpTrackerUrl Of(Uri uri) => new()
    {
        Host = uri.IdnHost.Trim('[', ']'),
        Port = uri.Port,
        UrlData = uri.PathAndQuery == "/" ? "" : uri.PathAndQuery,
    };
}
