namespace Freshet.Core.WebSeeds;

/// <summary>Identifies a request to a web seed while the web seed is among a torrent's sources.</summary>
internal readonly record struct FetchKey(int Value);
