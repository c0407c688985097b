namespace Freshet.Core.Dht.Searching;

/// <summary>Identifies a search for its caller.</summary>
internal readonly record struct SearchKey(long Value);
