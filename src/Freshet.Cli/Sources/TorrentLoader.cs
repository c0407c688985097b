using System.Net;
using Freshet.Cli.Parsing;
using Freshet.Core;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Sources;

/// <summary>Reads the torrent that a command is about, from a file or over HTTP.</summary>
internal static class TorrentLoader
{
    /// <param name="reference">Which torrent.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="bindAddress">The one address to fetch it from, if it is fetched; null for any.</param>
    public static async Task<LoadedTorrent> LoadAsync(
        TorrentReference reference, CancellationToken cancellationToken, IPAddress? bindAddress = null)
    {
        if (reference.IsMagnet)
        {
            throw new CliException(
                "Magnet links are not supported yet; Freshet needs the .torrent file for now.",
                "Fetch the .torrent file of the same torrent, and give its path or URL.");
        }

        ReadOnlyMemory<byte> bytes = reference.IsUrl
            ? await TorrentFetcher.FetchAsync(ToUrl(reference), bindAddress, cancellationToken).ConfigureAwait(false)
            : await BoundedFile.ReadAsync(reference.Text, Limits.MaxMetainfoLength, cancellationToken).ConfigureAwait(false);
        return new LoadedTorrent(Read(reference, bytes), bytes);
    }

    private static Uri ToUrl(TorrentReference reference) =>
        Uri.TryCreate(reference.Text, UriKind.Absolute, out Uri? url) && url.Host.Length > 0
            ? url
            : throw new CliException($"{reference} is not a URL.", "Write it as https://example.org/x.torrent.");

    private static TorrentMetainfo Read(TorrentReference reference, ReadOnlyMemory<byte> bytes)
    {
        if (MetainfoReader.TryRead(bytes, out TorrentMetainfo? metainfo, out MetainfoError? error))
            return metainfo;
        throw new CliException(
            $"{reference} is not a usable torrent: {error}",
            WebPage.IsLikely(bytes.Span) ? "Is this the address of the .torrent file itself?" : null);
    }
}
