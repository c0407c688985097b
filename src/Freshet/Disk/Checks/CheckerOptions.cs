using Freshet.Core.Pieces;

namespace Freshet.Disk.Checks;

/// <summary>What a <see cref="Checker"/> checks.</summary>
/// <param name="Storage">The data.</param>
/// <param name="Layout">The layout of its pieces.</param>
/// <param name="PieceHashes">The SHA-1 hashes of the pieces, concatenated, 20 bytes each.</param>
internal sealed record CheckerOptions(IStorage Storage, PieceLayout Layout, ReadOnlyMemory<byte> PieceHashes);
