using System.Buffers;
using Freshet.Core.Metainfo;
using Freshet.Disk.Files;

namespace Freshet.Persistence;

/// <summary>Loads and parses a torrent from its source.</summary>
internal static class MetainfoLoader
{
    private static readonly SearchValues<char> WindowsForbids = SearchValues.Create("<>:\"|?*\\");

    /// <exception cref="FreshetException">The source cannot be read, or is not a torrent.</exception>
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
    /// Chooses the file names for data in a folder. Names are kept as far as this system can hold them. In a folder that can hold less (a
    /// USB stick or a case-insensitive share) portable names are used. Elsewhere the user decides, unless data is already stored under the
    /// other names.
    /// </summary>
    /// <param name="folder">The folder of the data, which is inspected.</param>
    /// <param name="source">The torrent.</param>
    /// <param name="isWanted">Whether the user wants portable names.</param>
    /// <param name="isPortable">Whether the names are portable.</param>
    public static TorrentMetainfo ForDataIn(string folder, LoadedSource source, bool isWanted, out bool isPortable)
    {
        TorrentMetainfo native = source.Metainfo!;
        bool ignoresCase = MetainfoReader.NativeRules == PathRules.Posix && FolderNames.IgnoreCase(folder);
        bool mayDiffer = ignoresCase || isWanted || native.Files.Any(file => file.Path.AsSpan().ContainsAny(WindowsForbids));
        if (!mayDiffer || !MetainfoReader.TryRead(source.Content, PathRules.Portable, out TorrentMetainfo? portable, out _))
        {
            isPortable = false;
            return native;
        }

        isPortable = ignoresCase || (isWanted ? !HasDataOf(native, portable, folder) : HasDataOf(portable, native, folder));
        return isPortable ? portable : native;
    }

    /// <summary>Whether a file exists in a folder under its name in the first torrent, and not under that in the other.</summary>
    private static bool HasDataOf(TorrentMetainfo one, TorrentMetainfo other, string folder)
    {
        for (int i = 0; i < one.Files.Length; i++)
        {
            if (one.Files[i].Path != other.Files[i].Path
                && File.Exists(Path.Combine(folder, one.Files[i].Path)) && !File.Exists(Path.Combine(folder, other.Files[i].Path)))
                return true;
        }

        return false;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 * 1024];
        int length = 0;
        for (int read; (read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false)) > 0;)
        {
            length += read;
            if (length > MetainfoLimits.MaxLength)
                throw new FreshetException(
                    FreshetError.Malformed, $"The stream goes on after {MetainfoLimits.MaxLength >> 20} MiB, more than any torrent.");
            if (length == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(2L * length, MetainfoLimits.MaxLength + 1L));
        }

        return buffer.AsMemory(0, length);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            long length = new FileInfo(path).Length;
            if (length > MetainfoLimits.MaxLength)
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
