using Freshet.Core.Pieces;

namespace Freshet.Connections;

/// <summary>A block that was handed to the network, or why it could not be read.</summary>
internal readonly record struct UploadOutcome(BlockRange Block, string? Error);
