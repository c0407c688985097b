namespace Freshet.Connections;

/// <summary>How far the reading of blocks came.</summary>
/// <param name="Count">How many, from the first on, were read whole.</param>
/// <param name="Error">Why the next one was not, in words; null if all were.</param>
internal readonly record struct BlockReadResult(int Count, string? Error);
