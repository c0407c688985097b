using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Freshet.Core.Bencoding;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Trackers;

/// <summary>
/// Parses the responses of HTTP trackers (BEP 3, 7, 23, 24, 31, 48). Sloppy bencoding is tolerated, as in other clients. An invalid
/// required field is an error that names the field; an invalid optional field counts as absent.
/// </summary>
internal static class HttpTrackerAnswer
{
    private static readonly BencodeOptions Options = new()
    {
        IsTolerant = true,
        AllowTrailingBytes = true,
        MaxTokens = TrackerLimits.MaxResponseTokens,
    };

    public static bool TryReadAnnounce(
        ReadOnlyMemory<byte> body, [NotNullWhen(true)] out AnnounceResponse? response, [NotNullWhen(false)] out string? error)
    {
        response = null;
        if (!TryOpen(body, out BencodeValue root, out error))
            return false;
        if (ReadFailure(root) is { } reason)
        {
            response = new AnnounceResponse
            {
                FailureReason = reason,
                RetryIn = ReadRetryIn(root["retry in"u8]),
                Interval = Seconds(ReadNumber(root["interval"u8])) ?? TimeSpan.Zero,
            };
            return true;
        }

        AnnouncedPeers peers = new();
        if (!peers.TryAdd(root["peers"u8], out error) || !peers.TryAddV6(root["peers6"u8], out error))
            return false;
        response = new AnnounceResponse
        {
            Warning = root["warning message"u8] is { Kind: BencodeKind.String } warning
                ? ForeignText.Clean(warning.String, TrackerLimits.MaxMessageLength)
                : null,
            Interval = Seconds(ReadNumber(root["interval"u8])) ?? TimeSpan.Zero,
            MinInterval = Seconds(ReadNumber(root["min interval"u8])),
            TrackerId = ReadTrackerId(root["tracker id"u8]),
            Seeders = ReadCount(root["complete"u8]),
            Leechers = ReadCount(root["incomplete"u8]),
            ExternalAddress = root["external ip"u8].String is { Length: 4 or 16 } address ? new IPAddress(address) : null,
            Peers = peers.Peers,
            SkippedPeers = peers.Skipped,
        };
        return true;
    }

    /// <summary>Parses the swarms that were requested, ignoring any others.</summary>
    public static bool TryReadScrape(
        ReadOnlyMemory<byte> body,
        IReadOnlySet<InfoHash> asked,
        [NotNullWhen(true)] out ScrapeResponse? response,
        [NotNullWhen(false)] out string? error)
    {
        response = null;
        if (!TryOpen(body, out BencodeValue root, out error))
            return false;
        if (ReadFailure(root) is { } reason)
        {
            response = new ScrapeResponse { FailureReason = reason };
            return true;
        }

        BencodeValue files = root["files"u8];
        if (files.Kind != BencodeKind.Dictionary)
        {
            error = files.IsMissing ? "files is missing" : "files is not a dictionary";
            return false;
        }

        ImmutableDictionary<InfoHash, ScrapedSwarm>.Builder swarms = ImmutableDictionary.CreateBuilder<InfoHash, ScrapedSwarm>();
        foreach (BencodeEntry entry in files.Entries)
        {
            if (entry.Key.Length == InfoHash.Length && asked.Contains(new InfoHash(entry.Key)))
                swarms[new InfoHash(entry.Key)] = ReadSwarm(entry.Value);
        }

        response = new ScrapeResponse
        {
            Swarms = swarms.ToImmutable(),
            MinInterval = Seconds(ReadNumber(root["flags"u8]["min_request_interval"u8])),
        };
        return true;
    }

    /// <summary>Reads a number. Some trackers write numbers as strings.</summary>
    public static long? ReadNumber(BencodeValue value) =>
        value.TryGetInteger(out long number)
        || long.TryParse(value.String, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            ? number
            : null;

    private static bool TryOpen(ReadOnlyMemory<byte> body, out BencodeValue root, [NotNullWhen(false)] out string? error)
    {
        root = default;
        if (body.IsEmpty)
        {
            error = "the answer is empty";
            return false;
        }

        if (!BencodeDocument.TryParse(body, Options, out BencodeDocument? document, out BencodeError malformed))
        {
            error = WebPage.IsLikely(body.Span)
                ? "the answer is a web page and not a tracker's"
                : $"the answer is not bencoded: {malformed}";
            return false;
        }

        root = document.Root;
        error = root.Kind == BencodeKind.Dictionary ? null : "the answer is not a dictionary";
        return error is null;
    }

    private static string? ReadFailure(BencodeValue root)
    {
        BencodeValue reason = root["failure reason"u8];
        if (reason.IsMissing)
            return null;
        string words = ForeignText.Clean(reason.String, TrackerLimits.MaxMessageLength);
        if (words.Length > 0)
            return words;

        // Some trackers always send the field, and leave it empty on success.
        bool hasPeers = !root["peers"u8].IsMissing || !root["peers6"u8].IsMissing || !root["files"u8].IsMissing;
        return hasPeers ? null : "the tracker refused without a reason";
    }

    private static ScrapedSwarm ReadSwarm(BencodeValue swarm) => new(
        ReadCount(swarm["complete"u8]), ReadCount(swarm["incomplete"u8]), ReadCount(swarm["downloaded"u8]),
        ReadCount(swarm["downloaders"u8]));

    private static int? ReadCount(BencodeValue value) =>
        ReadNumber(value) is { } count and >= 0 ? (int)Math.Min(count, int.MaxValue) : null;

    private static TimeSpan? Seconds(long? seconds) =>
        seconds is null ? null : TimeSpan.FromSeconds(Math.Clamp(seconds.Value, 0, int.MaxValue));

    // BEP 31: minutes, or "never".
    private static TimeSpan? ReadRetryIn(BencodeValue value)
    {
        if (value.String.SequenceEqual("never"u8))
            return Timeout.InfiniteTimeSpan;
        return ReadNumber(value) is { } minutes and > 0 ? TimeSpan.FromMinutes(Math.Min(minutes, int.MaxValue)) : null;
    }

    private static ReadOnlyMemory<byte>? ReadTrackerId(BencodeValue value)
    {
        // In a conditional expression, null would be converted to an empty array and be mistaken for an id.
        if (value.TryGetString(out ReadOnlyMemory<byte> id) && id.Length is > 0 and <= TrackerLimits.MaxTrackerIdLength)
            return id.ToArray();
        return null;
    }
}
