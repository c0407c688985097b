using System.Net;
using Freshet.Cli.Parsing;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Sources;

/// <summary>Reads the torrent that a command is given, from a file or over HTTP.</summary>
internal static class TorrentLoader
{
    /// <param name="reference">Which torrent.</param>
    /// <param name="bindAddress">The one address of this machine to download it from, if it is a URL; null for any.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<LoadedTorrent> LoadAsync(
        TorrentReference reference, IPAddress? bindAddress, CancellationToken cancellationToken)
    {
        if (reference.IsMagnet)
        {
            throw new CliException(
                "Magnet links are not supported yet; Freshet needs the .torrent file for now.",
                "Give the path or URL of the torrent's .torrent file instead.");
        }

        ReadOnlyMemory<byte> bytes = reference.IsUrl
            ? await FetchAsync(reference, bindAddress, cancellationToken).ConfigureAwait(false)
            : await BoundedFile.ReadAsync(reference.Text, MetainfoReader.MaxLength, cancellationToken).ConfigureAwait(false);
        return new LoadedTorrent(Read(reference, bytes), bytes);
    }

    private static async Task<ReadOnlyMemory<byte>> FetchAsync(
        TorrentReference reference, IPAddress? bindAddress, CancellationToken cancellationToken)
    {
        try
        {
            return await MetainfoFetcher.FetchAsync(ToUrl(reference), bindAddress, cancellationToken).ConfigureAwait(false);
        }
        catch (FreshetException e)
        {
            throw new CliException($"{reference}: {e.Message}", "Check the address and the connection.", e);
        }
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
            reference.IsUrl ? "Is this the address of the .torrent file itself?" : null);
    }
}
