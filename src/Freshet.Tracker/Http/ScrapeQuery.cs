using System.Diagnostics.CodeAnalysis;
using Freshet.Core.Metainfo;

namespace Freshet.Tracker.Http;

/// <summary>The query of a scrape over HTTP (BEP 48).</summary>
internal static class ScrapeQuery
{
    /// <summary>The maximum number of torrents in one scrape. A request line has no room for many more.</summary>
    public const int MaxTorrents = 128;

    /// <summary>Parses a raw query string: each torrent once, ascending, as required for the answer's keys.</summary>
    public static bool TryParse(
        ReadOnlySpan<char> query, [NotNullWhen(true)] out List<InfoHash>? infoHashes, [NotNullWhen(false)] out string? error)
    {
        infoHashes = null;
        error = "info_hash is missing";
        SortedSet<InfoHash> found = new(Comparer<InfoHash>.Create(Compare));
        QueryParameters parameters = new(query);
        Span<byte> buffer = stackalloc byte[InfoHash.Length];
        while (parameters.MoveNext())
        {
            if (!parameters.Name.SequenceEqual("info_hash"))
                continue;
            if (!parameters.TryDecode(buffer, out int length) || length != InfoHash.Length)
            {
                error = "info_hash is not 20 bytes";
                return false;
            }

            found.Add(new InfoHash(buffer));
            if (found.Count > MaxTorrents)
            {
                error = $"info_hash is there more than {MaxTorrents} times";
                return false;
            }
        }

        if (found.Count == 0)
            return false;
        infoHashes = [.. found];
        error = null;
        return true;
    }

    private static int Compare(InfoHash left, InfoHash right)
    {
        Span<byte> leftBytes = stackalloc byte[InfoHash.Length];
        Span<byte> rightBytes = stackalloc byte[InfoHash.Length];
        left.CopyTo(leftBytes);
        right.CopyTo(rightBytes);
        return leftBytes.SequenceCompareTo(rightBytes);
    }
}
