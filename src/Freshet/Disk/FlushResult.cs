using System.Collections.Immutable;
using Freshet.Core.Pieces;
using Freshet.FileSystem;

namespace Freshet.Disk;

/// <summary>What a flush came to.</summary>
/// <param name="Error">
/// Null if everything is durable. Else pieces hashed since the last good flush may be lost with the machine's power.
/// </param>
/// <param name="Partial">Unfinished pieces, with their blocks that are durable; empty after an error.</param>
internal sealed record FlushResult(StorageError? Error, ImmutableArray<PartialPiece> Partial);
