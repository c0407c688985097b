namespace Freshet.Core.Dht.Searching;

/// <summary>By what whoever asked for a search knows it.</summary>
internal readonly record struct SearchKey(long Value);
