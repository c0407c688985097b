using System.Text;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;

namespace Freshet.Fuzz.Targets;

/// <summary>Announce URLs as torrents have them: those that we accept make a request line without blanks, to the same host.</summary>
internal sealed class TrackerUrlTarget : IFuzzTarget
{
    private static readonly InfoHash Torrent = new("\0\u0001&=%+ aaaaaaaaaaaaa"u8);

    private static readonly AnnounceRequest Request = new()
    {
        InfoHash = Torrent,
        PeerId = new PeerId("-FR0100-abcdefghijkl"u8),
        Port = 6881,
        Uploaded = 1,
        Downloaded = 2,
        Left = 3,
        Event = AnnounceEvent.Started,
    };

    public string Name => "tracker-url";

    public IReadOnlyList<byte[]> Words { get; } = [.. new[]
    {
        "http://", "https://", "/announce", "?", "&", "#", "%", "%0d%0a", "\r\n", " ", "@", ":", "[::1]", "\\", "announce", "\u00e9",
        "\ud83d\ude00",
    }.Select(Encoding.UTF8.GetBytes)];

    public IEnumerable<byte[]> Seeds => new[]
    {
        "http://tracker.example/announce",
        "https://user:word@tracker.example:8443/x/announce.php?passkey=0123#part",
        "http://[2001:db8::1]:6969/announce/key",
        "http://b\u00fccher.example?x",
    }.Select(Encoding.UTF8.GetBytes);

    // Bytes that are not text take nine characters each when they are escaped, in several URLs.
    public long AllocationLimit(int inputLength) => (1L << 20) + (1_024L * Math.Min(inputLength, 4 * MetainfoLimits.MaxUrlLength));

    public void Run(ReadOnlySpan<byte> input)
    {
        string tracker = Encoding.UTF8.GetString(input);
        if (!TrackerAddress.IsSupported(tracker, out string? reason))
        {
            FuzzException.Require(reason.Length > 0, "a reason has words");
            return;
        }

        Uri original = new(tracker);
        Check(original, HttpTrackerUrl.ForAnnounce(tracker, Request));
        if (HttpTrackerUrl.TryForScrape(tracker, [Torrent], out string? scrape))
            Check(original, scrape);
    }

    private static void Check(Uri original, string url)
    {
        UriCreationOptions asItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };
        FuzzException.Require(Uri.TryCreate(url, asItIs, out Uri? uri), "what is built from a URL must be a URL");
        FuzzException.Require(uri.IdnHost == original.IdnHost && uri.Port == original.Port, "the host must stay the same");
        FuzzException.Require(uri.PathAndQuery.All(character => character is > ' ' and < '\x7F'), "a request line must not contain blanks");
        FuzzException.Require(
            uri.Query.Contains("info_hash=%00%01%26%3D%25%2B%20aaaaaaaaaaaaa", StringComparison.Ordinal),
            "the info-hash must be in the query");
    }
}
