using System.Globalization;
using System.IO.Compression;
using Freshet.Core.Peers;

namespace Freshet.Persistence;

/// <summary>A file with a list of blocked addresses, gzipped or not.</summary>
internal static class BlocklistFile
{
    private const int Portion = 64 * 1024;

    /// <summary>A file's time and length: if either has changed, it is read again.</summary>
    public static (DateTime WrittenAt, long Length) StampOf(string path)
    {
        FileInfo file = new(path);
        return (file.LastWriteTimeUtc, file.Exists ? file.Length : -1);
    }

    /// <summary>Reads a file. Blocks.</summary>
    /// <exception cref="FreshetException">The file cannot be read.</exception>
    public static Blocklist Load(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, Portion);
            Span<byte> magic = stackalloc byte[2];
            bool isPacked = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length
                && magic.SequenceEqual((ReadOnlySpan<byte>)[0x1F, 0x8B]);
            file.Position = 0;
            if (!isPacked)
                return Read(file);
            using GZipStream unpacked = new(file, CompressionMode.Decompress);
            return Read(unpacked);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
        {
            throw new FreshetException(
                FreshetError.Storage, $"The list of blocked addresses {path} cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static Blocklist Read(Stream stream)
    {
        BlocklistReader reader = new();
        byte[] portion = new byte[Portion];
        long total = 0;
        int read;
        while (!reader.IsFull && (read = stream.Read(portion)) > 0)
        {
            total += read;
            if (total > FilterLimits.MaxFile)
            {
                throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture, $"it has more than {FilterLimits.MaxFile / (1024 * 1024)} MiB"));
            }

            reader.Feed(portion.AsSpan(0, read));
        }

        return reader.Finish();
    }
}
