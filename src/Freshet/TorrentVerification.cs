using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;

namespace Freshet;

/// <summary>What <see cref="TorrentVerifier"/> found.</summary>
/// <param name="Metainfo">The torrent, its files under the names that they have in the folder.</param>
/// <param name="Verified">The pieces whose bytes have the right hash. The others are missing or wrong.</param>
/// <param name="Files">Every file that is stored, in the torrent's order; pad files and links are not.</param>
public sealed record TorrentVerification(TorrentMetainfo Metainfo, Bitfield Verified, ImmutableArray<FileVerification> Files)
{
    /// <summary>Whether every piece is verified and every file complete.</summary>
    public bool IsComplete => Verified.IsFull && Files.All(file => file.IsComplete);
}
