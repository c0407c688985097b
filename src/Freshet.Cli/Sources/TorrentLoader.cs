using Freshet.Cli.Parsing;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Sources;

/// <summary>Loads the torrent given to a command, from a file or over HTTP.</summary>
internal static class TorrentLoader
{
    /// <param name="reference">The torrent.</param>
    /// <param name="access">The network access for a URL.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<LoadedTorrent> LoadAsync(
        TorrentReference reference, NetworkAccess access, CancellationToken cancellationToken)
    {
        if (ReadLink(reference) is not null)
        {
            throw new CliException(
                $"{reference} is a magnet link or an info-hash, and this command needs the .torrent file.",
                "'freshet info LINK --save FILE' fetches it from the torrent's peers.");
        }

        ReadOnlyMemory<byte> bytes = reference.IsUrl
            ? await FetchAsync(reference, access, cancellationToken).ConfigureAwait(false)
            : await BoundedFile.ReadAsync(reference.Text, MetainfoReader.MaxLength, cancellationToken).ConfigureAwait(false);
        return new LoadedTorrent(Read(reference, bytes), bytes);
    }

    /// <summary>The magnet link that a reference is, or stands for; null if there is none.</summary>
    public static MagnetLink? ReadLink(TorrentReference reference)
    {
        if (reference.MagnetLink is not { } text)
            return null;
        return MagnetLink.TryParse(text, out MagnetLink? link, out string? error)
            ? link
            : throw new CliException($"{reference} cannot be used: {error}.", "Is the link complete? Put it into quotes: it holds '&'.");
    }

    private static async Task<ReadOnlyMemory<byte>> FetchAsync(
        TorrentReference reference, NetworkAccess access, CancellationToken cancellationToken)
    {
        try
        {
            return await MetainfoFetcher.FetchAsync(ToUrl(reference), access, cancellationToken: cancellationToken).ConfigureAwait(false);
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
