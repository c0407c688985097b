using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Sources;

/// <summary>A file of info-hashes: one per line, in hexadecimal digits; text after a <c>#</c> is a comment.</summary>
internal static class InfoHashList
{
    private const int MaxLength = 64 * 1024 * 1024;

    /// <exception cref="CliException">The file cannot be read, or a line is invalid.</exception>
    public static async Task<FrozenSet<InfoHash>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> bytes = await BoundedFile.ReadAsync(path, MaxLength, cancellationToken).ConfigureAwait(false);
        HashSet<InfoHash> hashes = [];
        int number = 0;
        foreach (ReadOnlySpan<char> line in Encoding.UTF8.GetString(bytes.Span).AsSpan().EnumerateLines())
        {
            number++;
            int comment = line.IndexOf('#');
            string text = (comment < 0 ? line : line[..comment]).Trim().ToString();
            if (text.Length == 0)
                continue;
            if (!InfoHash.TryParseHex(text, out InfoHash infoHash))
            {
                throw new CliException(
                    string.Create(CultureInfo.InvariantCulture, $"Line {number} of {path} is not an info-hash."),
                    "Write one in a line, as 40 hexadecimal digits.");
            }

            hashes.Add(infoHash);
        }

        return hashes.ToFrozenSet();
    }
}
