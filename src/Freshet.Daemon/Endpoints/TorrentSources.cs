using Freshet.Api;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;

namespace Freshet.Daemon.Endpoints;

/// <summary>The torrent given in a request: the bytes of a .torrent, the URL of one, a magnet link or an info-hash.</summary>
// The semaphore has no wait handle.
#pragma warning disable CA1001
internal sealed class TorrentSources(DaemonParts parts)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _fetches = new(Bounds.MaxFetches);

    /// <summary>The source to add, and its info-hash.</summary>
    /// <exception cref="ApiException">The request gives none of these.</exception>
    public async Task<(TorrentSource Source, InfoHash Hash)> ReadAsync(
        string? source, byte[]? metainfo, CancellationToken cancellationToken)
    {
        if (await FindBytesAsync(source, metainfo, cancellationToken).ConfigureAwait(false) is not { } bytes)
        {
            MagnetLink link = ParseLink(source!);
            return (TorrentSource.Magnet(link), link.SwarmHash);
        }

        TorrentMetainfo parsed = Parse(bytes);
        return (TorrentSource.Metainfo(parsed), parsed.SwarmHash);
    }

    /// <exception cref="ApiException">The request gives none of these.</exception>
    public async Task<InspectedTorrent> InspectAsync(string? source, byte[]? metainfo, CancellationToken cancellationToken) =>
        await FindBytesAsync(source, metainfo, cancellationToken).ConfigureAwait(false) is { } bytes
            ? Inspect(Parse(bytes))
            : Inspect(ParseLink(source!));

    private async Task<ReadOnlyMemory<byte>?> FindBytesAsync(string? source, byte[]? metainfo, CancellationToken cancellationToken)
    {
        if (source is null == metainfo is null)
            throw ApiException.InvalidValue("source", "or metainfo must be given, and not both");
        if (metainfo is not null)
            return metainfo;
        if (!Uri.TryCreate(source, UriKind.Absolute, out Uri? url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            return null;
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, parts.Stopping);
        return await FetchAsync(url, ending.Token).ConfigureAwait(false);
    }

    // Whatever is fetched is held in memory, as the large body of a request is.
    private async Task<ReadOnlyMemory<byte>> FetchAsync(Uri url, CancellationToken cancellationToken)
    {
        if (!await _fetches.WaitAsync(Bounds.LargeBodyPatience, cancellationToken).ConfigureAwait(false))
            throw ApiException.TooMany($"{Bounds.MaxFetches} torrents are being fetched already.", TimeSpan.FromSeconds(10));

        try
        {
            SessionOptions session = parts.Session.Options;
            NetworkAccess access = new() { Bind = session.Bind, NameServers = session.NameServers, Proxy = session.Proxy };
            ByteSize most = new(Bounds.MaxLargeBody);
            return parts.Options.AllowLocalUrls
                ? await MetainfoFetcher.FetchAsync(url, access, most, cancellationToken).ConfigureAwait(false)
                : await MetainfoFetcher.FetchPublicAsync(url, access, most, cancellationToken).ConfigureAwait(false);
        }
        catch (FreshetException e)
        {
            throw new ApiException(502, "fetch-failed", e.Message);
        }
        finally
        {
            _fetches.Release();
        }
    }

    private static TorrentMetainfo Parse(ReadOnlyMemory<byte> bytes) =>
        MetainfoReader.TryRead(bytes, out TorrentMetainfo? metainfo, out MetainfoError? error)
            ? metainfo
            : throw new ApiException(422, "not-a-torrent", $"This is not a .torrent file: {error.Message}.");

    private static MagnetLink ParseLink(string source)
    {
        string text = source.Trim();
        if (!text.StartsWith("magnet:", StringComparison.OrdinalIgnoreCase))
            text = "magnet:?xt=" +
                (text.Contains(':', StringComparison.Ordinal) ? text : text.Length == 64 ? "urn:btmh:1220" + text : "urn:btih:" + text);
        return MagnetLink.TryParse(text, out MagnetLink? link, out string? error)
            ? link
            : throw new ApiException(422, "not-a-torrent", $"This is no magnet link, info-hash or URL of a .torrent: {error}.");
    }

    private static InspectedTorrent Inspect(TorrentMetainfo metainfo) => new()
    {
        Hash = metainfo.SwarmHash.ToString(),
        HashV2 = metainfo.InfoHashV2?.ToString(),
        Name = metainfo.Name,
        Size = metainfo.Files.Where(file => !file.IsPadding).Sum(file => file.Length),
        Pieces = metainfo.Layout.PieceCount,
        PieceLength = metainfo.Layout.PieceLength,
        Private = metainfo.IsPrivate,
        Comment = metainfo.Comment,
        CreatedBy = metainfo.CreatedBy,
        CreatedAt = metainfo.CreationDate,
        Trackers = [.. metainfo.Trackers.Select(tier => (IReadOnlyList<string>)tier)],
        WebSeeds = metainfo.WebSeeds,
        Files = [.. metainfo.Files.Where(file => !file.IsPadding).Select(file =>
            new InspectedFile { Index = file.Index, Path = file.Path, Size = file.Length })],
        Warnings = metainfo.Warnings,
        Exists = false,
    };

    private static InspectedTorrent Inspect(MagnetLink link) => new()
    {
        Hash = link.SwarmHash.ToString(),
        HashV2 = link.InfoHashV2?.ToString(),
        Name = link.DisplayName,
        Size = null,
        Pieces = null,
        PieceLength = null,
        Private = null,
        Comment = null,
        CreatedBy = null,
        CreatedAt = null,
        Trackers = [.. link.Trackers.Select(tracker => (IReadOnlyList<string>)[tracker])],
        WebSeeds = link.WebSeeds,
        Files = null,
        Warnings = [],
        Exists = false,
    };
}
