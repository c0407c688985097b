using System.Collections.Immutable;
using Freshet.Core.Pieces;
using Freshet.FileSystem;

namespace Freshet.Disk;

/// <summary>The result of a flush.</summary>
/// <param name="Error">
/// Null if everything is durable. Otherwise pieces hashed since the last successful flush may be lost in a power cut.
/// </param>
/// <param name="Partial">Unfinished pieces, with their blocks that are durable; empty after an error.</param>
internal sealed record FlushResult(StorageError? Error, ImmutableArray<PartialPiece> Partial);
