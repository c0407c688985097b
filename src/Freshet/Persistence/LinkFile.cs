using System.Diagnostics.CodeAnalysis;
using System.Text;
using Freshet.Core.Bencoding;
using Freshet.Core.Metainfo;

namespace Freshet.Persistence;

/// <summary>
/// The magnet link of a torrent as a file (<c>docs/state.md</c>). It has what a .torrent does not: peers to dial first, and the files that
/// were selected before the metadata was known.
/// </summary>
internal static class LinkFile
{
    /// <summary>The maximum length of such a file: that of the longest link and its envelope.</summary>
    public const int MaxLength = MetainfoLimits.MaxMagnetLength + 256;

    public static byte[] Write(MagnetLink link)
    {
        RecordEntries entries = new();
        entries.Add("link"u8, link.ToString());
        return SealedFile.Seal(entries.ToArray());
    }

    /// <summary>Reads this torrent's link; if it is invalid, says why.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> bytes, InfoHash infoHash, [NotNullWhen(true)] out MagnetLink? link, [NotNullWhen(false)] out string? error)
    {
        link = null;
        if (!SealedFile.TryOpen(bytes, out BencodeValue root, out error)
            || !MagnetLink.TryParse(Encoding.UTF8.GetString(root["link"u8].String), out MagnetLink? read, out error))
            return false;
        if (!SwarmIdentity.Of(read).IsNamed(infoHash))
        {
            error = "link: it is another torrent's";
            return false;
        }

        link = read;
        return true;
    }
}
