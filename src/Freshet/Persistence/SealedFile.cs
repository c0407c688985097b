using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Freshet.Core.Bencoding;

namespace Freshet.Persistence;

/// <summary>
/// The envelope of the state files: <c>d4:datab…6:sha25632:…7:versioni1ee</c>, where <c>data</c> is a bencoded dictionary as one byte
/// string and <c>sha256</c> is its hash, so that a torn or foreign file is recognized at once.
/// </summary>
/// <remarks>
/// The version covers the envelope and the meaning of the keys within. Adding a key does not change it: readers ignore unknown keys.
/// </remarks>
internal static class SealedFile
{
    private const int Version = 1;

    /// <summary>Wraps a bencoded dictionary with its checksum.</summary>
    public static byte[] Seal(byte[] data) => BencodeWriter.Write(writer =>
    {
        writer.WriteDictionaryStart();
        writer.Write("data"u8, data);
        writer.Write("sha256"u8, SHA256.HashData(data));
        writer.Write("version"u8, Version);
        writer.WriteEnd();
    });

    /// <summary>Returns the content if its checksum is right; otherwise says why not.</summary>
    public static bool TryOpen(ReadOnlyMemory<byte> file, out BencodeValue root, [NotNullWhen(false)] out string? error)
    {
        root = default;
        if (!BencodeDocument.TryParse(file, BencodeOptions.Strict, out BencodeDocument? outer, out BencodeError problem))
        {
            error = problem.ToString();
            return false;
        }

        if (!outer.Root["version"u8].TryGetInteger(out long version) || version != Version)
        {
            error = "version: not one that this program knows";
            return false;
        }

        if (!outer.Root["data"u8].TryGetString(out ReadOnlyMemory<byte> data) || !IsIntact(data.Span, outer.Root["sha256"u8].String))
        {
            error = "sha256: the checksum does not match, so the file is damaged";
            return false;
        }

        if (!BencodeDocument.TryParse(data, BencodeOptions.Strict, out BencodeDocument? inner, out problem))
        {
            error = $"data: {problem}";
            return false;
        }

        root = inner.Root;
        error = null;
        return true;
    }

    private static bool IsIntact(ReadOnlySpan<byte> data, ReadOnlySpan<byte> checksum)
    {
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, actual);
        return actual.SequenceEqual(checksum);
    }
}
