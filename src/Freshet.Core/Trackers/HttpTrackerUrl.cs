using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Trackers;

/// <summary>
/// Builds the request URLs of HTTP trackers (BEP 3, 7, 21, 23, 48). Whatever the tracker put into its own URL, a passkey or a query, stays
/// unchanged; info-hash, peer id and tracker id are percent-encoded byte by byte, since they are not text.
/// </summary>
internal static class HttpTrackerUrl
{
    private const string HexDigits = "0123456789ABCDEF";
    private const string AnnounceWord = "announce";

    public static string ForAnnounce(string tracker, AnnounceRequest request)
    {
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        StringBuilder url = BeginQuery(tracker.Trim());
        request.InfoHash.CopyTo(bytes);
        AppendEncoded(url.Append("info_hash="), bytes);
        request.PeerId.CopyTo(bytes);
        AppendEncoded(url.Append("&peer_id="), bytes);
        url.Append(CultureInfo.InvariantCulture, $"&port={request.Port}");
        url.Append(CultureInfo.InvariantCulture, $"&uploaded={request.Uploaded}&downloaded={request.Downloaded}&left={request.Left}");
        url.Append(CultureInfo.InvariantCulture, $"&corrupt={request.Corrupt}");
        if (NameOf(request.Event) is { } name)
            url.Append("&event=").Append(name);
        int wanted = request.Event == AnnounceEvent.Stopped ? 0 : request.NumWant;
        url.Append(CultureInfo.InvariantCulture, $"&numwant={wanted}&key={request.Key:X8}&compact=1&no_peer_id=1");
        if (request.TrackerId is { } trackerId)
            AppendEncoded(url.Append("&trackerid="), trackerId.Span);
        return url.ToString();
    }

    /// <summary>
    /// Builds a scrape URL by the convention of BEP 48: false if the announce URL's path has no <c>announce</c> to replace by
    /// <c>scrape</c>.
    /// </summary>
    public static bool TryForScrape(string tracker, ReadOnlySpan<InfoHash> infoHashes, [NotNullWhen(true)] out string? url)
    {
        url = null;
        tracker = tracker.Trim();
        ReadOnlySpan<char> path = PathOf(tracker);
        int word = path.LastIndexOf(AnnounceWord, StringComparison.Ordinal);
        if (word < 0)
            return false;
        int start = PathStart(tracker) + word;
        StringBuilder built = BeginQuery(string.Concat(tracker.AsSpan(0, start), "scrape", tracker.AsSpan(start + AnnounceWord.Length)));
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        for (int i = 0; i < infoHashes.Length; i++)
        {
            infoHashes[i].CopyTo(bytes);
            AppendEncoded(built.Append(i == 0 ? "info_hash=" : "&info_hash="), bytes);
        }

        url = built.ToString();
        return true;
    }

    // The tracker's URL without a fragment, with a path, ready for our first parameter.
    private static StringBuilder BeginQuery(string tracker)
    {
        int start = PathStart(tracker);
        int fragment = tracker.IndexOf('#', start);
        ReadOnlySpan<char> rest = fragment < 0 ? tracker.AsSpan(start) : tracker.AsSpan(start, fragment - start);
        StringBuilder url = new(tracker, 0, start, tracker.Length + 256);
        if (!rest.StartsWith('/'))
            url.Append('/');
        AppendCleaned(url, rest);
        if (!rest.Contains('?'))
            return url.Append('?');
        return rest[^1] is '?' or '&' ? url : url.Append('&');
    }

    private static int PathStart(string tracker)
    {
        int authority = tracker.IndexOf("://", StringComparison.Ordinal) + 3;
        int length = tracker.AsSpan(authority).IndexOfAny('/', '?', '#');
        return length < 0 ? tracker.Length : authority + length;
    }

    private static ReadOnlySpan<char> PathOf(string tracker)
    {
        ReadOnlySpan<char> rest = tracker.AsSpan(PathStart(tracker));
        int end = rest.IndexOfAny('?', '#');
        return end < 0 ? rest : rest[..end];
    }

    // Encodes characters that are not allowed in a request line; the rest is up to the tracker.
    private static void AppendCleaned(StringBuilder url, ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is > ' ' and < 0x7F)
                url.Append((char)rune.Value);
            else
                AppendEncoded(url, utf8[..rune.EncodeToUtf8(utf8)]);
        }
    }

    private static void AppendEncoded(StringBuilder url, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            // RFC 3986, 2.3: unreserved characters.
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
                url.Append((char)value);
            else
                url.Append('%').Append(HexDigits[value >> 4]).Append(HexDigits[value & 15]);
        }
    }

    private static string? NameOf(AnnounceEvent announceEvent) => announceEvent switch
    {
        AnnounceEvent.Started => "started",
        AnnounceEvent.Completed => "completed",
        AnnounceEvent.Stopped => "stopped",
        AnnounceEvent.Paused => "paused",
        _ => null,
    };
}
