namespace Freshet.Core.WebSeeds;

/// <summary>Names one request to a web seed, as long as that is among a torrent's sources.</summary>
internal readonly record struct FetchKey(int Value);
