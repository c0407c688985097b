namespace Freshet.Core.Torrents;

/// <summary>What a torrent is doing, as a code for programs and as a sentence for people.</summary>
internal readonly record struct Why(WhyCode Code, string Words);
