using Freshet.FileSystem;

namespace Freshet.Disk.Creation;

/// <summary>What hashing came to.</summary>
/// <param name="Error">Why there are no hashes; null if there are.</param>
/// <param name="PieceHashes">The pieces' SHA-1 hashes, 20 bytes each, one after the other; empty after an error.</param>
internal sealed record HashResult(StorageError? Error, byte[] PieceHashes);
