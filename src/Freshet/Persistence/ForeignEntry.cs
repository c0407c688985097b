namespace Freshet.Persistence;

/// <summary>An entry of a bencoded dictionary that this version of the program does not know.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value, bencoded.</param>
internal readonly record struct ForeignEntry(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);
