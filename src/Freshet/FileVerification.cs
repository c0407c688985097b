using Freshet.Core.Metainfo;

namespace Freshet;

/// <summary>The result of verifying one file of a torrent.</summary>
/// <param name="File">The file.</param>
/// <param name="Exists">Whether the file exists on disk.</param>
/// <param name="ActualLength">Its length on disk, in bytes; 0 if it does not exist.</param>
/// <param name="VerifiedBytes">The bytes of the file that lie in verified pieces.</param>
public sealed record FileVerification(TorrentFile File, bool Exists, long ActualLength, long VerifiedBytes)
{
    /// <summary>Whether the file exists, has the right length and is fully verified. An empty file only has to exist.</summary>
    public bool IsComplete => Exists && ActualLength == File.Length && VerifiedBytes == File.Length;
}
