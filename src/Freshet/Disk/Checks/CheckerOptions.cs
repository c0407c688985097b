using Freshet.Core.Pieces;

namespace Freshet.Disk.Checks;

/// <summary>What a <see cref="Checker"/> checks.</summary>
/// <param name="Storage">Where the bytes are.</param>
/// <param name="Layout">How pieces lie in them.</param>
/// <param name="PieceHashes">The pieces' SHA-1 hashes, 20 bytes each, one after the other.</param>
internal sealed record CheckerOptions(IStorage Storage, PieceLayout Layout, ReadOnlyMemory<byte> PieceHashes);
