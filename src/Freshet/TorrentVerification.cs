using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;

namespace Freshet;

/// <summary>The result of <see cref="TorrentVerifier"/>.</summary>
/// <param name="Metainfo">The torrent, with its files under the names that they have in the folder.</param>
/// <param name="Verified">The pieces whose bytes have the right hash. The others are missing or wrong.</param>
/// <param name="Files">Every stored file, in the torrent's order, without pad files and links.</param>
public sealed record TorrentVerification(TorrentMetainfo Metainfo, Bitfield Verified, ImmutableArray<FileVerification> Files)
{
    /// <summary>Whether every piece is verified and every file complete.</summary>
    public bool IsComplete => Verified.IsFull && Files.All(file => file.IsComplete);
}
