using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Trackers;

/// <summary>A UDP tracker's URL (BEP 15, BEP 41).</summary>
internal sealed record UdpTrackerUrl
{
    public const string Scheme = "udp";

    /// <summary>The name or address, as the domain name system has it.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>Path and query, which some trackers want to be told; empty if there is neither. ASCII.</summary>
    public required string UrlData { get; init; }

    /// <summary>
    /// Which addresses a tracker of a torrent may have: as with HTTP, a public name does not lead to a local address. A datagram's first
    /// bytes are fixed, so that it means nothing to other programs, and a host that is local by its own name may be asked.
    /// </summary>
    public AddressReach Reach => LocalHosts.Contains(Host) ? AddressReach.Everywhere : AddressReach.Public;

    /// <summary>Reads a URL; if it cannot be used, the reason says why in words.</summary>
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
