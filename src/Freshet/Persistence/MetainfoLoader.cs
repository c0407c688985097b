using System.Buffers;
using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Disk.Files;

namespace Freshet.Persistence;

/// <summary>Gets a torrent's bytes from where they are, and reads them.</summary>
internal static class MetainfoLoader
{
    private static readonly SearchValues<char> WindowsForbids = SearchValues.Create("<>:\"|?*\\");

    /// <exception cref="FreshetException">They cannot be had, or are no torrent.</exception>
    public static async Task<LoadedSource> LoadAsync(TorrentSource source, CancellationToken cancellationToken)
    {
        if (source is TorrentSource.FromLink given)
        {
            return MagnetLink.TryParse(given.Text, out MagnetLink? link, out string? wrong)
                ? LoadedSource.Of(link)
                : throw new FreshetException(FreshetError.Malformed, $"The magnet link cannot be used: {wrong}.");
        }

        (ReadOnlyMemory<byte> content, string name) = source switch
        {
            TorrentSource.FromFile file => (await ReadAsync(file.Path, cancellationToken).ConfigureAwait(false), file.Path),
            TorrentSource.FromBytes bytes => (bytes.Content, "The torrent"),
            TorrentSource.FromStream stream => (await ReadAsync(stream.Content, cancellationToken).ConfigureAwait(false), "The torrent"),
            TorrentSource.FromMetainfo read => (TorrentFileWriter.Write(read.Content), $"\"{read.Content.Name}\""),
            _ => throw new ArgumentException("An unknown kind of source.", nameof(source)),
        };
        if (!MetainfoReader.TryRead(content, out TorrentMetainfo? metainfo, out MetainfoError? error))
            throw new FreshetException(FreshetError.Malformed, $"{name}: {error.Message}");
        return LoadedSource.Of(metainfo, content);
    }

    /// <summary>
    /// The torrent with the names that its data has in a folder. Names are kept as this system can hold them. In a folder that holds less
    /// (a stick or a share that ignores case) they are those of every system, and so they are where data was stored under such names
    /// before.
    /// </summary>
    /// <param name="folder">Where the data lies, or will. It is looked at.</param>
    /// <param name="metainfo">The torrent.</param>
    /// <param name="content">Its .torrent.</param>
    /// <param name="isPortable">Whether the names are those of every system.</param>
    public static TorrentMetainfo ForDataIn(string folder, TorrentMetainfo metainfo, ReadOnlyMemory<byte> content, out bool isPortable)
    {
        isPortable = false;
        bool ignoresCase = MetainfoReader.NativeRules == PathRules.Posix && FolderNames.IgnoreCase(folder);
        if ((!ignoresCase && !metainfo.Files.Any(file => file.Path.AsSpan().ContainsAny(WindowsForbids)))
            || !MetainfoReader.TryRead(content, PathRules.Portable, out TorrentMetainfo? portable, out _))
        {
            return metainfo;
        }

        isPortable = true;
        if (ignoresCase)
            return portable;
        for (int i = 0; i < metainfo.Files.Length; i++)
        {
            string path = portable.Files[i].Path;
            if (path != metainfo.Files[i].Path && !File.Exists(Path.Combine(folder, metainfo.Files[i].Path))
                && File.Exists(Path.Combine(folder, path)))
                return portable;
        }

        isPortable = false;
        return metainfo;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 * 1024];
        int length = 0;
        for (int read; (read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false)) > 0;)
        {
            length += read;
            if (length > Limits.MaxMetainfoLength)
                throw new FreshetException(
                    FreshetError.Malformed, $"The stream goes on after {Limits.MaxMetainfoLength >> 20} MiB, more than any torrent.");
            if (length == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(2L * length, Limits.MaxMetainfoLength + 1L));
        }

        return buffer.AsMemory(0, length);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            long length = new FileInfo(path).Length;
            if (length > Limits.MaxMetainfoLength)
                throw new FreshetException(
                    FreshetError.Malformed, $"{path} has {length} bytes, more than any torrent; is it the data itself?");
            return await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"The torrent {path} cannot be read: {e.Message}", e);
        }
    }
}
