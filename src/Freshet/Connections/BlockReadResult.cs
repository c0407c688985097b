namespace Freshet.Connections;

/// <summary>How many blocks were read.</summary>
/// <param name="Count">The number of blocks, from the first, that were read completely.</param>
/// <param name="Error">Why the next one was not, for people; null if all were.</param>
internal readonly record struct BlockReadResult(int Count, string? Error);
