using Freshet.Core.Metainfo;

namespace Freshet;

/// <summary>How much of a file of a torrent is verified.</summary>
/// <param name="File">The file.</param>
/// <param name="Exists">Whether there is such a file on disk.</param>
/// <param name="ActualLength">Its length on disk, in bytes; 0 if it does not exist.</param>
/// <param name="VerifiedBytes">Bytes of it that lie in verified pieces.</param>
public sealed record FileVerification(TorrentFile File, bool Exists, long ActualLength, long VerifiedBytes)
{
    /// <summary>Whether it exists, has its length, and all of it is verified. An empty file only has to exist.</summary>
    public bool IsComplete => Exists && ActualLength == File.Length && VerifiedBytes == File.Length;
}
