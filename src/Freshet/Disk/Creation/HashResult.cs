using Freshet.FileSystem;

namespace Freshet.Disk.Creation;

/// <summary>The result of hashing.</summary>
/// <param name="Error">Why there are no hashes; null if there are.</param>
/// <param name="PieceHashes">The SHA-1 hashes of the pieces, concatenated, 20 bytes each; empty after an error.</param>
internal sealed record HashResult(StorageError? Error, byte[] PieceHashes);
