using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Trackers;

/// <summary>
/// Parses the responses of UDP trackers (BEP 15). All numbers are in network byte order.
/// <code>
/// connect   4 action 0  4 transaction  8 connection id
/// announce  4 action 1  4 transaction  4 interval  4 leechers  4 seeders    peers of 6 bytes, or 18 over IPv6
/// scrape    4 action 2  4 transaction  for each info-hash: 4 seeders  4 completed  4 leechers
/// error     4 action 3  4 transaction  words
/// </code>
/// </summary>
internal static class UdpTrackerAnswer
{
    public const int HeaderLength = 8;
    public const int ConnectLength = 16;
    public const int AnnounceLength = 20;
    public const int ScrapedLength = 12;

    /// <summary>Whether a datagram may be a response, judging by its first bytes, with which no other protocol's datagrams begin.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> datagram, out UdpTrackerAction action, out uint transaction)
    {
        (action, transaction) = (default, 0);
        if (datagram.Length < HeaderLength || BinaryPrimitives.ReadUInt32BigEndian(datagram) > (uint)UdpTrackerAction.Error)
            return false;
        action = (UdpTrackerAction)datagram[3];
        transaction = BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]);
        return true;
    }

    public static bool TryReadConnect(ReadOnlySpan<byte> datagram, out ulong connection, [NotNullWhen(false)] out string? error)
    {
        bool isWhole = datagram.Length >= ConnectLength;
        connection = isWhole ? BinaryPrimitives.ReadUInt64BigEndian(datagram[8..]) : 0;
        error = isWhole ? null : $"the answer to connect is {datagram.Length} bytes and not {ConnectLength}";
        return isWhole;
    }

    public static bool TryReadAnnounce(
        ReadOnlySpan<byte> datagram,
        bool isV6,
        [NotNullWhen(true)] out AnnounceResponse? response,
        [NotNullWhen(false)] out string? error)
    {
        response = null;
        if (datagram.Length < AnnounceLength)
        {
            error = $"the answer to an announce is {datagram.Length} bytes and not {AnnounceLength} or more";
            return false;
        }

        AnnouncedPeers peers = new();
        if (!peers.TryAddPacked(datagram[AnnounceLength..], isV6, out error))
            return false;
        response = new AnnounceResponse
        {
            Interval = TimeSpan.FromSeconds(Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(datagram[8..]))),
            Leechers = ReadCount(datagram[12..]),
            Seeders = ReadCount(datagram[16..]),
            Peers = peers.Peers,
            SkippedPeers = peers.Skipped,
        };
        return true;
    }

    /// <param name="datagram">The response.</param>
    /// <param name="asked">The requested swarms; the counts come in the same order.</param>
    /// <param name="response">The counts.</param>
    /// <param name="error">What is invalid.</param>
    public static bool TryReadScrape(
        ReadOnlySpan<byte> datagram,
        IReadOnlyList<InfoHash> asked,
        [NotNullWhen(true)] out ScrapeResponse? response,
        [NotNullWhen(false)] out string? error)
    {
        response = null;
        error = null;
        int needed = HeaderLength + (ScrapedLength * asked.Count);
        if (datagram.Length < needed)
        {
            error = $"the answer to a scrape is {datagram.Length} bytes and not {needed}";
            return false;
        }

        ImmutableDictionary<InfoHash, ScrapedSwarm>.Builder swarms = ImmutableDictionary.CreateBuilder<InfoHash, ScrapedSwarm>();
        ReadOnlySpan<byte> rest = datagram[HeaderLength..];
        foreach (InfoHash infoHash in asked)
        {
            swarms[infoHash] = new ScrapedSwarm(ReadCount(rest), ReadCount(rest[8..]), ReadCount(rest[4..]), Downloaders: null);
            rest = rest[ScrapedLength..];
        }

        response = new ScrapeResponse { Swarms = swarms.ToImmutable() };
        return true;
    }

    /// <summary>The tracker's error message, safe to display.</summary>
    public static string ReadError(ReadOnlySpan<byte> datagram)
    {
        string words = ForeignText.Clean(datagram[HeaderLength..].TrimEnd((byte)0), TrackerLimits.MaxMessageLength);
        return words.Length > 0 ? words : "the tracker refused without a reason";
    }

    private static int? ReadCount(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadInt32BigEndian(bytes) is >= 0 and var count ? count : null;
}
